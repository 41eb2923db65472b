package org.researchflow.rf.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.Failure;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;

/** Whatever Redis loses, and whatever happens to the clocks and the database: no reader takes it for all there is. */
@Timeout(120)
class LossTest {

    private static TestDatabase database;
    private static TestRedis redis;
    private SpeedFixture speed;
    private long since;
    private long patient;

    @TempDir
    private Path folder;

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
    void poll() throws Exception {
        redis.ask(commands -> commands.flushall());
        speed = new SpeedFixture(database, redis, "");
        speed.poll();
        since = speed.now();
        patient = speed.patient();
        speed.poll();
        assertThat(speed.read(since, "Patient").changes()).hasSize(1);
    }

    private void isNotCovered(String why) {
        assertThatThrownBy(() -> speed.read(since, "Patient"))
                .isInstanceOf(NotCoveredException.class)
                .hasMessageContaining(why);
    }

    /** The next round says why it begins anew; from a later moment on, there is coverage again. */
    private void beginsAnew(String why) throws Exception {
        assertThat(speed.poll().restarted())
                .hasValueSatisfying(text -> assertThat(text).contains(why));
        assertThat(speed.poll().restarted()).isEmpty();
        assertThat(speed.read(speed.now(), "Patient").changes()).isEmpty();
    }

    @Test
    void flushedRedisCoversNothing() throws Exception {
        redis.ask(commands -> commands.flushall());
        isNotCovered("Redis holds no coverage");
        beginsAnew("Redis held no coverage");
    }

    @Test
    void restartedRedisCoversNothing() throws Exception {
        redis.kill();
        isNotCovered("refused the connection");
        redis.startAgain();
        isNotCovered("Redis holds no coverage");
        beginsAnew("Redis held no coverage");
    }

    @Test
    void lostEntryIsMissed() throws Exception {
        redis.ask(commands -> commands.del("fhir:patient:" + patient));
        isNotCovered("Redis has lost a changed Patient");
        // A poller looks over the store when it begins.
        beginsAnew("Redis lost changes of Patient");
    }

    @Test
    void lostSetIsMissed() throws Exception {
        redis.ask(commands -> commands.del("fhir:recent:patient"));
        isNotCovered("Redis has lost changes of Patient");
        beginsAnew("Redis lost changes of Patient");
    }

    @Test
    void lostMemberIsMissed() throws Exception {
        redis.ask(commands -> commands.zrem("fhir:recent:patient", Long.toString(patient)));
        isNotCovered("Redis has lost changes of Patient");
    }

    @Test
    void lostCoverageIsNoCoverage() throws Exception {
        redis.ask(commands -> commands.del("fhir:coverage"));
        isNotCovered("Redis holds no coverage");
        beginsAnew("Redis held no coverage");
    }

    @Test
    void entryThatExpiredIsMissed() throws Exception {
        redis.ask(commands -> commands.pexpire("fhir:patient:" + patient, 1));
        while (redis.ask(commands -> commands.exists("fhir:patient:" + patient)) > 0) {
            Thread.onSpinWait();
        }
        isNotCovered("it expired, or was evicted");
    }

    @Test
    void coverageRisesBeforeItsChangesExpire() throws Exception {
        Retention brief = new Retention(Duration.ofSeconds(2), Map.of());
        try (Poller poller = speed.poller(brief)) {
            poller.poll();
            long changed = speed.patient();
            long before = speed.now();
            poller.poll();
            speed.patient();
            while (redis.ask(commands -> commands.exists("fhir:patient:" + changed)) > 0) {
                assertThat(((Round.Polled) poller.poll()).restarted()).isEmpty();
            }
            poller.poll();
            isNotCovered("changes of Patient are kept since a later moment");
            assertThat(speed.read(speed.now(), "Patient").coverage().from()).isGreaterThan(before);
        }
    }

    @Test
    void anotherTimelineIsNoCoverage() throws Exception {
        String origin = redis.ask(commands -> commands.hget("fhir:coverage", "origin"));
        redis.ask(commands ->
                commands.hset("fhir:coverage", "origin", origin.replaceFirst("timeline [0-9]+", "timeline 99")));
        assertThat(speed.read(since, "Patient").coverage().origin()).isNotEqualTo(origin);
        beginsAnew("failed over");
    }

    @Test
    void anotherDatabaseIsLeftAloneWhileItIsPolled() throws Exception {
        redis.ask(commands -> commands.hset("fhir:coverage", "origin", "system 1, timeline 1, database 1"));
        try (Poller poller = speed.poller()) {
            assertThat(poller.poll())
                    .isInstanceOfSatisfying(
                            Round.StoodBy.class,
                            stood -> assertThat(stood.why()).contains("another database"));
            redis.ask(commands -> commands.hset("fhir:coverage", "written", "2026-01-01T00:00:00Z"));
            assertThat(poller.poll()).isInstanceOf(Round.Polled.class);
        }
    }

    @Test
    void transactionIdsThatWentBackwardsAreNoCoverage() throws Exception {
        redis.ask(commands -> commands.hset("fhir:coverage", "to", "900000000:900000000:"));
        beginsAnew("transaction ids went backwards");
    }

    @Test
    void clocksThatWentBackwardsAreNoCoverage() throws Exception {
        redis.ask(commands -> commands.hset("fhir:coverage", "as_of", "2999-01-01T00:00:00Z"));
        beginsAnew("the database's clock went backwards");
        redis.ask(commands -> commands.hset("fhir:coverage", "written", "2999-01-01T00:00:00Z"));
        beginsAnew("Redis' clock went backwards");
    }

    @Test
    void secondServiceStandsByUntilTheFirstEnds() throws Exception {
        try (Poller second = speed.service()) {
            try (Poller first = speed.service()) {
                assertThat(first.poll()).isInstanceOf(Round.Polled.class);
                assertThat(second.poll()).isEqualTo(new Round.StoodBy("another poller is at work"));
                assertThat(speed.poll().restarted()).isEmpty();
                assertThat(second.poll()).isEqualTo(new Round.StoodBy("another poller is at work"));
            }
            assertThat(second.poll()).isInstanceOf(Round.Polled.class);
        }
    }

    @Test
    void unreadableBodyIsNeverSilentlyAbsent() throws Exception {
        long broken = speed.write(hapi -> {
            long id = hapi.create("Patient", SpeedFixture.PATIENT);
            hapi.store(id, SpeedFixture.PATIENT, HapiWriter.Storage.BROKEN);
            return id;
        });
        assertThat(speed.poll().unreadable()).isEqualTo(1);
        isNotCovered("a changed Patient cannot be read: its body is not JSON");
        speed.poll();
        // Mended without a new version, as when a missing right is given.
        database.execute(
                "update hfj_res_ver set res_text_vc = '" + SpeedFixture.PATIENT + "' where res_id = " + broken);
        assertThat(speed.poll().unreadable()).isZero();
        assertThat(SpeedFixture.told(speed.read(since, "Patient").changes())).containsKey(Long.toString(broken));
    }

    @Test
    void largeObjectsAreDecodedFirst() throws Exception {
        long packed = speed.write(hapi -> {
            long id = hapi.create("Patient", SpeedFixture.PATIENT);
            hapi.store(id, SpeedFixture.PATIENT, HapiWriter.Storage.LARGE_OBJECT);
            return id;
        });
        assertThat(speed.poll().unreadable()).isZero();
        assertThat(SpeedFixture.told(speed.read(since, "Patient").changes()).get(Long.toString(packed)))
                .contains("7.10");
    }

    @Test
    void readerOfOtherSettingsIsNotServed() {
        try (RedisReader reader = RedisReader.of(speed.at(), "HAPI schema public, server time zone Europe/Paris")) {
            assertThatThrownBy(() -> reader.read(Map.of("Patient", since)))
                    .isInstanceOf(NotCoveredException.class)
                    .hasMessageContaining("other settings");
        }
    }

    @Test
    void pausedRedisCostsOneShortWaitAMinute() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        Instant now = Instant.parse("2026-11-20T05:15:00Z");
        Path file = folder.resolve("state/redis.open");
        try (RedisReader reader = RedisReader.of(speed.at().withAnswerTimeout(Duration.ofMillis(200)), "")) {
            SpeedLayer counted = types -> {
                asked.incrementAndGet();
                return reader.read(types);
            };
            redis.pause();
            for (int i = 0; i < 3; i++) {
                CircuitBreaker breaker = new CircuitBreaker(
                        counted, new Circuit(file, Clock.fixed(now.plusSeconds(29L * i), ZoneOffset.UTC)));
                assertThatThrownBy(() -> breaker.read(Map.of("Patient", since)))
                        .isInstanceOfSatisfying(
                                NotCoveredException.class,
                                e -> assertThat(e.isUnreachable()).isTrue());
            }
            assertThat(asked).hasValue(1);
            CircuitBreaker later =
                    new CircuitBreaker(counted, new Circuit(file, Clock.fixed(now.plusSeconds(61), ZoneOffset.UTC)));
            assertThatThrownBy(() -> later.read(Map.of("Patient", since))).isInstanceOf(NotCoveredException.class);
            assertThat(asked).hasValue(2);
            Files.writeString(file, "nonsense");
            assertThat(later.circuit().openUntil()).isEmpty();
        } finally {
            redis.goOn();
        }
        assertThat(speed.read(since, "Patient").changes()).hasSize(1);
    }

    @Test
    void fullRedisKeepsWhatItHad() throws Exception {
        redis.ask(commands -> commands.configSet("maxmemory", "1"));
        try {
            speed.patient();
            assertThatThrownBy(() -> speed.poll()).isInstanceOfSatisfying(Failure.class, e -> {
                assertThat(e.kind()).isEqualTo(Failure.Kind.UNREACHABLE);
                assertThat(e.notes().toString()).contains("out of memory");
            });
            assertThat(speed.read(since, "Patient").changes()).hasSize(1);
        } finally {
            redis.ask(commands -> commands.configSet("maxmemory", "0"));
        }
        assertThat(speed.poll().restarted()).isEmpty();
        assertThat(speed.read(since, "Patient").changes()).hasSize(2);
    }

    @Test
    void evictingPolicyIsReported() {
        redis.ask(commands -> commands.configSet("maxmemory-policy", "allkeys-lru"));
        redis.ask(commands -> commands.configSet("maxmemory", "100mb"));
        try {
            assertThat(SpeedStatus.read(speed.at()).eviction())
                    .hasValueSatisfying(text -> assertThat(text).contains("allkeys-lru"));
        } finally {
            redis.ask(commands -> commands.configSet("maxmemory", "0"));
            redis.ask(commands -> commands.configSet("maxmemory-policy", "noeviction"));
        }
    }

    @Test
    void pollerSurvivesItsRedisAndItsDatabase() throws Exception {
        try (Poller poller = speed.service()) {
            assertThat(poller.poll()).isInstanceOf(Round.Polled.class);
            redis.kill();
            assertThatThrownBy(poller::poll).isInstanceOf(Failure.class).hasMessageContaining("cannot use Redis");
            long away = speed.patient();
            redis.startAgain();
            assertThat(((Round.Polled) poller.poll()).restarted()).contains("Redis held no coverage");
            database.execute("""
                    select pg_terminate_backend(pid) from pg_stat_activity
                     where datname = current_database() and application_name = 'rf'
                    """);
            assertThatThrownBy(poller::poll).isInstanceOf(Failure.class);
            long later = speed.patient();
            assertThat(((Round.Polled) poller.poll()).restarted()).isEmpty();
            assertThat(SpeedFixture.told(speed.read(later > away ? speed.now() : 0, "Patient")
                            .changes()))
                    .isEmpty();
        }
    }
}
