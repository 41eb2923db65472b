package org.researchflow.rf.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;

/** Changes on their way from HAPI's tables through a real Redis to whoever reads them. */
@Timeout(120)
class PollerTest {

    private static TestDatabase database;
    private static TestRedis redis;
    private SpeedFixture speed;

    @BeforeAll
    static void start() throws SQLException {
        database = TestPostgres.hapi880();
        HapiWriter.prepare(database);
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() throws SQLException {
        redis.close();
        database.close();
    }

    @BeforeEach
    void empty() {
        redis.ask(commands -> commands.flushall());
        speed = new SpeedFixture(database, redis, "");
    }

    private static Map<String, String> entry(String key) {
        return redis.ask(commands -> commands.hgetall(key));
    }

    private static long ttl(String key) {
        return redis.ask(commands -> commands.ttl(key));
    }

    private static long score(String set, String member) {
        return redis.ask(commands -> commands.zscore(set, member).longValue());
    }

    private static List<String> keys(String pattern) {
        return redis.ask(commands -> commands.keys(pattern));
    }

    @Test
    void changesArriveAsTheResourceRelationYieldsThem() throws Exception {
        Round.Polled first = speed.poll();
        assertThat(first.restarted()).contains("Redis held no coverage");
        long since = speed.now();
        long created = speed.patient();
        long deleted = speed.patient();
        speed.write(hapi -> {
            hapi.delete(deleted, false);
            hapi.tag(created, "seen");
            return true;
        });
        Round.Polled second = speed.poll();
        assertThat(second.restarted()).isEmpty();
        assertThat(second.resources()).isEqualTo(1);
        assertThat(second.tombstones()).isEqualTo(1);

        RecentChanges read = speed.read(since, "Patient", "Condition");
        Map<String, String> told = SpeedFixture.told(read.changes());
        assertThat(told).containsOnlyKeys(Long.toString(created), Long.toString(deleted));
        assertThat(told).isEqualTo(speed.expected("Patient", told.keySet()));
        assertThat(told.get(Long.toString(created)))
                .contains("\"id\": \"" + created + '"', "\"versionId\": \"1\"", "7.10", "seen");
        assertThat(told).containsEntry(Long.toString(deleted), "deleted");
        assertThat(read.coverage().asOf()).isEqualTo(second.asOf());
        assertThat(read.coverage().to().seesAllOf(read.coverage().to())).isTrue();
    }

    @Test
    void entriesLookAsDocumented() throws Exception {
        speed.poll();
        long id = speed.patient();
        speed.poll();
        Map<String, String> entry = redis.ask(commands -> commands.hgetall("fhir:patient:" + id));
        assertThat(entry).containsOnlyKeys("resource", "version", "cached_at", "resource_type", "deleted");
        assertThat(entry)
                .containsEntry("version", "1")
                .containsEntry("deleted", "false")
                .containsEntry("resource_type", "Patient");
        assertThat(ttl("fhir:patient:" + id)).isBetween(86_000L, 86_400L);
        long observed = speed.write(hapi -> hapi.create("Observation", "{\"resourceType\": \"Observation\"}"));
        speed.poll();
        assertThat(ttl("fhir:observation:" + observed)).isBetween(43_000L, 43_200L);
        assertThat(score("fhir:recent:patient", Long.toString(id)))
                .isEqualTo(database.count("select xmin::text::bigint from hfj_resource where res_id = " + id));
        assertThat(keys("*")).allMatch(key -> key.matches("fhir:(coverage|recent:[a-z]+|[a-z]+:[0-9]+)"));
    }

    @Test
    void newerVersionTakesTheOldOnesPlace() throws Exception {
        speed.poll();
        long since = speed.now();
        long id = speed.patient();
        speed.poll();
        speed.write(hapi -> {
            hapi.update(id, "{\"resourceType\": \"Patient\", \"gender\": \"female\"}", 3);
            return true;
        });
        speed.poll();
        Change change = speed.read(since, "Patient").changes().getFirst();
        assertThat(change.version()).isEqualTo(5);
        assertThat(change.resource().orElseThrow()).contains("female");
        speed.write(hapi -> {
            hapi.delete(id, true);
            return true;
        });
        speed.poll();
        assertThat(entry("fhir:patient:" + id)).containsEntry("deleted", "true").doesNotContainKey("resource");
        assertThat(speed.read(since, "Patient").changes()).hasSize(1);
    }

    @Test
    void coverageReachesBackToTheViews() throws Exception {
        try (TestDatabase own = TestPostgres.hapi880()) {
            HapiWriter.prepare(own);
            SpeedFixture there = new SpeedFixture(own, redis, "own:");
            org.researchflow.rf.view.ViewDefinition view = org.researchflow.rf.view.Pack.FHIR.view("patient_simple");
            there.batch().create(List.of(view), false, org.researchflow.rf.batch.RunOptions.DEFAULT, new Silence());
            long watermark = own.count("""
                    select pg_snapshot_xmin(watermark::pg_snapshot)::text::bigint from sqlonfhir.materialized_view_metadata
                    """);
            long id = there.patient();
            assertThat(there.poll().resources()).isGreaterThanOrEqualTo(1);
            assertThat(SpeedFixture.told(there.read(watermark, "Patient").changes()))
                    .containsKey(Long.toString(id));
            assertThat(there.read(watermark, "Patient").coverage().from()).isLessThanOrEqualTo(watermark);
            // of a type without views nothing is older than the first round
            assertThatThrownBy(() -> there.read(watermark, "Condition"))
                    .isInstanceOf(NotCoveredException.class)
                    .hasMessage("changes of Condition are kept since a later moment");
        }
    }

    @Test
    void whatALongTransactionMakesItFindAgainIsNotWrittenAgain() throws Exception {
        speed.poll();
        long since = speed.now();
        try (Connection open = database.connect();
                Statement statement = open.createStatement()) {
            open.setAutoCommit(false);
            statement.execute("select pg_current_xact_id()");
            long first = speed.patient();
            assertThat(speed.poll().resources()).isEqualTo(1);
            long second = speed.patient();
            Round.Polled round = speed.poll();
            assertThat(round.resources()).isEqualTo(1);
            assertThat(round.known()).isEqualTo(1);
            redis.ask(commands -> commands.del("fhir:patient:" + first));
            assertThat(speed.poll().resources()).isEqualTo(1);
            assertThat(SpeedFixture.told(speed.read(since, "Patient").changes()))
                    .containsOnlyKeys(Long.toString(first), Long.toString(second));
            long late = new HapiWriter(open).create("Patient", SpeedFixture.PATIENT);
            speed.poll();
            open.commit();
            assertThat(speed.poll().resources()).isEqualTo(1);
            assertThat(SpeedFixture.told(speed.read(since, "Patient").changes()))
                    .containsKey(Long.toString(late));
        }
    }

    @Test
    void roundTooLargeForOneTransactionIsWrittenWhole() throws Exception {
        speed.poll();
        long since = speed.now();
        database.execute(
                "update hfj_resource set res_updated = res_updated where res_type in ('Observation', 'Condition', 'Patient')");
        long changed = database.count(
                "select count(*) from hfj_resource where res_type in ('Observation', 'Condition', 'Patient')");
        Round.Polled round = speed.poll();
        assertThat(round.resources() + round.tombstones()).isEqualTo(changed);
        List<Change> changes =
                speed.read(since, "Observation", "Condition", "Patient").changes();
        assertThat(changes).hasSize((int) changed);
        List<Change> patients = changes.stream()
                .filter(change -> change.resourceType().equals("Patient"))
                .toList();
        Map<String, String> told = SpeedFixture.told(patients);
        assertThat(told).isEqualTo(speed.expected("Patient", told.keySet()));
    }

    @Test
    void readersLimitIsNotAShorterAnswer() throws Exception {
        speed.poll();
        long since = speed.now();
        List<Long> ids = Stream.generate(() -> 0L).limit(30).toList();
        for (Long _ : ids) {
            speed.patient();
        }
        speed.poll();
        try (RedisReader reader = speed.reader().limited(1_000, 29)) {
            assertThatThrownBy(() -> reader.read(Map.of("Patient", since)))
                    .isInstanceOf(NotCoveredException.class)
                    .hasMessage("more than 29 resources changed");
        }
        try (RedisReader reader = speed.reader().limited(7, 30)) {
            assertThat(reader.read(Map.of("Patient", since)).changes()).hasSize(30);
        }
    }

    @Test
    void installationsWithPrefixesOfTheirOwnDoNotMeet() throws Exception {
        SpeedFixture other = new SpeedFixture(database, redis, "{site-2}:");
        speed.poll();
        long since = speed.now();
        speed.patient();
        speed.poll();
        assertThatThrownBy(() -> other.read(since, "Patient"))
                .isInstanceOf(NotCoveredException.class)
                .hasMessageStartingWith("Redis holds no coverage");
        other.poll();
        assertThat(keys("{site-2}:*")).isNotEmpty();
    }
}
