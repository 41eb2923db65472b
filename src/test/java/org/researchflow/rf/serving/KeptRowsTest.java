package org.researchflow.rf.serving;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestRedis;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.BatchFixture;
import org.researchflow.rf.batch.Heard;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.SmallHapi;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.speed.KeptRows;
import org.researchflow.rf.speed.NotCoveredException;
import org.researchflow.rf.speed.Poller;
import org.researchflow.rf.speed.RecentChanges;
import org.researchflow.rf.speed.RedisReader;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.Retention;
import org.researchflow.rf.speed.Round;
import org.researchflow.rf.speed.SpeedLayer;
import org.researchflow.rf.view.ViewDefinition;
import org.researchflow.rf.view.ViewReader;

/** Rows of changes that lie in Redis: answers from them, and from the resources where any of them is missing. */
class KeptRowsTest {

    /** Columns of several types, an array, and one whose value may not fit. */
    private static final ViewDefinition PEOPLE = ViewReader.read("people.json", """
            {"resourceType": "ViewDefinition", "name": "people", "resource": "Patient", "status": "active",
             "select": [{"column": [{"name": "id", "path": "getResourceKey()"},
                                    {"name": "gender", "path": "gender"},
                                    {"name": "given", "path": "name.given", "collection": true},
                                    {"name": "multiple", "path": "multipleBirth.ofType(integer)", "type": "integer"},
                                    {"name": "active", "path": "active", "type": "boolean"},
                                    {"name": "day", "path": "language", "type": "code",
                                     "tag": [{"name": "ansi/type", "value": "DATE"}]},
                                    {"name": "updated", "path": "meta.lastUpdated", "type": "instant"}]}],
             "where": [{"path": "gender.exists()"}]}
            """);

    private static final String SOMEBODY = """
            {"resourceType":"Patient","gender":"male","active":true,"language":"1970-01-01","multipleBirthInteger":2,
             "name":[{"given":["Ann \\"Annie\\"","Zoë, {x}","NULL"]},{"given":["\\\\"]}]}""";

    private static SmallHapi original;
    private static TestRedis redis;
    private TestDatabase database;
    private Batch batch;
    private ServingFixture fixture;
    private Connection reading;
    private Connection hapi;
    private HapiWriter writer;
    private Poller poller;
    private Asked asked;

    /** What came out of Redis. */
    private static final class Asked implements SpeedLayer {
        private final RedisReader reader;
        private RecentChanges last;

        Asked(RedisReader reader, RecentChanges last) {
            this.reader = reader;
            this.last = last;
        }

        @Override
        public RecentChanges read(Map<String, Long> since) throws NotCoveredException {
            return read(since, List.of());
        }

        @Override
        public RecentChanges read(Map<String, Long> since, Collection<KeptRows> views) throws NotCoveredException {
            last = reader.read(since, views);
            return last;
        }
    }

    @BeforeAll
    static void start() throws SQLException {
        original = SmallHapi.create();
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() throws SQLException {
        redis.close();
        original.close();
    }

    @BeforeEach
    void create() throws Exception {
        redis.ask(commands -> commands.flushall());
        database = original.copy();
        batch = BatchFixture.batch(database);
        fixture = new ServingFixture(database);
        batch.create(List.of(PEOPLE), false, RunOptions.DEFAULT, Heard.NOBODY);
        reading = database.connect();
        hapi = database.connect();
        writer = new HapiWriter(hapi);
        RedisSettings at = redis.settings("");
        poller = Poller.once(fixture.at(), ServingFixture.SETTINGS, at, Retention.DEFAULT);
        poll();
        RedisReader reader = RedisReader.of(at, ServingFixture.SETTINGS.ofResources());
        asked = new Asked(reader, reader.read(Map.of()));
    }

    @AfterEach
    void drop() throws SQLException {
        asked.reader.close();
        poller.close();
        hapi.close();
        reading.close();
        database.close();
    }

    private void poll() {
        assertThat(poller.poll()).isInstanceOf(Round.Polled.class);
    }

    /** The answer is what the resources give. */
    private Served<String> right() {
        Served<String> answer = ServingFixture.digest(fixture.hybrid(asked), reading, "people");
        assertThat(answer.result())
                .isEqualTo(ServingFixture.digest(fixture.recomputing(), reading, "people")
                        .result());
        assertThat(answer.relations().newer().from()).isEqualTo(Newer.Place.REDIS);
        assertThat(answer.relations().complete()).isTrue();
        return answer;
    }

    private void byRows(int changes) {
        assertThat(right().relations().newer().changes()).isEqualTo(changes);
        assertThat(asked.last.rows()).containsOnlyKeys("Patient");
        assertThat(asked.last.changes()).isEmpty();
    }

    private void byResources() {
        right();
        assertThat(asked.last.rows()).isEmpty();
        assertThat(asked.last.changes()).isNotEmpty();
    }

    private String rowsKey() {
        return redis.ask(commands -> commands.keys("fhir:rows:*")).getFirst();
    }

    @Test
    void rowsOfEveryKindArriveAsTheyAre() throws SQLException {
        long id = writer.create("Patient", SOMEBODY);
        writer.create("Patient", "{\"resourceType\":\"Patient\",\"gender\":\"other\"}");
        writer.create("Patient", "{\"resourceType\":\"Patient\"}");
        poll();
        byRows(3);
        writer.update(id, SOMEBODY.replace("\"gender\":\"male\",", ""), 0);
        long gone = writer.create("Patient", SOMEBODY);
        writer.delete(gone, true);
        poll();
        byRows(4);
        assertThat(fixture.hybrid(asked)
                        .answer(
                                reading,
                                views -> RowFilter.rows(views.named("people"), List.of(), Optional.of(1L)),
                                (rows, _) -> rows.getMetaData().getColumnTypeName(6),
                                _ -> () -> {})
                        .result())
                .isEqualTo("date");
    }

    @Test
    void whatIsLostIsComputedFromTheResources() throws SQLException {
        long one = writer.create("Patient", SOMEBODY);
        writer.create("Patient", SOMEBODY);
        poll();
        byRows(2);
        redis.ask(commands -> commands.hdel(rowsKey(), Long.toString(one)));
        byResources();
        redis.ask(commands -> commands.del(rowsKey()));
        byResources();
    }

    @Test
    void rowsThatTheCoverageDoesNotNameAreMadeAnew() throws SQLException {
        long id = writer.create("Patient", SOMEBODY);
        poll();
        byRows(1);
        // As a poller leaves it that did not know of the view.
        redis.ask(commands -> commands.hdel(
                "fhir:coverage",
                commands.hkeys("fhir:coverage").stream()
                        .filter(field -> field.startsWith("rows:"))
                        .toArray(String[]::new)));
        byResources();
        redis.ask(commands -> commands.hset(rowsKey(), "of a resource that was changed meanwhile", "old"));
        writer.create("Patient", SOMEBODY);
        poll();
        byRows(2);
        List<String> keys = redis.ask(commands -> commands.hkeys(rowsKey()));
        assertThat(keys).hasSize(2).contains(Long.toString(id));
    }

    @Test
    void resourceOnWhichTheViewFailsIsSaidSo() throws SQLException {
        writer.create("Patient", SOMEBODY);
        writer.create("Patient", SOMEBODY.replace("1970-01-01", "en"));
        poll();
        Served<String> answer = ServingFixture.digest(fixture.hybrid(asked), reading, "people");
        assertThat(asked.last.rows()).isEmpty();
        assertThat(answer.relations().complete()).isFalse();
        assertThat(answer.relations().warnings())
                .singleElement()
                .asString()
                .startsWith("1 changed Patient resource has no rows in people");
    }
}
