package org.researchflow.rf.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.AclSetuserArgs;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.Failure;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.OwnPostgres;
import org.researchflow.rf.SlowProxy;
import org.researchflow.rf.TestCertificate;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;

/** A Redis that is slow, full, encrypted, or lets not everybody in; and a database that goes away under the poller. */
@Timeout(120)
class RedisFaultsTest {

    private static TestDatabase database;

    @BeforeAll
    static void start() throws SQLException {
        database = TestPostgres.hapi880();
        HapiWriter.prepare(database);
    }

    @AfterAll
    static void stop() throws SQLException {
        database.close();
    }

    private static void unreachable(Poller poller, String why) {
        assertThatThrownBy(poller::poll).isInstanceOfSatisfying(Failure.class, failure -> {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.UNREACHABLE);
            assertThat(failure.notes().toString()).contains(why);
        });
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void slowRedisIsNotWaitedFor(boolean plainly) throws Exception {
        try (TestRedis redis = TestRedis.start();
                SlowProxy proxy = new SlowProxy(redis.port())) {
            SpeedFixture speed = new SpeedFixture(database, redis, "");
            speed.poll();
            RedisSettings slow = RedisSettings.of(redis.url().replace(":" + redis.port(), ":" + proxy.port()), "")
                    .withAnswerTimeout(Duration.ofMillis(300));
            long since = speed.now();
            speed.patient();
            speed.poll();
            try (RedisReader reader = reader(slow, plainly)) {
                assertThat(reader.read(Map.of("Patient", since)).changes()).hasSize(1);
                proxy.delay(Duration.ofSeconds(1));
                assertThatThrownBy(() -> reader.read(Map.of("Patient", since)))
                        .isInstanceOfSatisfying(NotCoveredException.class, refused -> {
                            assertThat(refused.isUnreachable()).isTrue();
                            assertThat(refused).hasMessageContaining("did not answer in time");
                        });
                // So must a new connection say, and not that Redis closed what rf closed.
                for (int i = 0; i < 10; i++) {
                    try (RedisReader other = reader(slow, plainly)) {
                        assertThatThrownBy(() -> other.read(Map.of("Patient", since)))
                                .hasMessageContaining("did not answer in time");
                    }
                }
                proxy.delay(Duration.ZERO);
                assertThat(reader.read(Map.of("Patient", since)).changes()).hasSize(1);
            }
        }
    }

    private static RedisReader reader(RedisSettings at, boolean plainly) {
        return plainly
                ? SpeedFixture.begun(at)
                : RedisReader.of(at, SpeedFixture.settings().ofResources());
    }

    private static void refused(RedisSettings at, boolean plainly, String why) {
        try (RedisReader reader = reader(at, plainly)) {
            assertThatThrownBy(() -> reader.read(Map.of("Patient", 0L)))
                    .isInstanceOf(NotCoveredException.class)
                    .hasMessageContaining(why);
        }
    }

    /** Whether there is none, it asks for a password that nobody has, or nobody knows its host. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void redisThatCannotBeReachedSaysWhy(boolean plainly) {
        try (TestRedis redis = TestRedis.start()) {
            String host = "127.0.0.1:" + redis.port();
            refused(RedisSettings.of("redis://" + host, ""), plainly, "the password or user is wrong (NOAUTH)");
            refused(
                    RedisSettings.of(redis.url().replace("127.0.0.1", "nowhere.invalid"), ""),
                    plainly,
                    "cannot be found: no such host");
            // It has sixteen databases.
            refused(RedisSettings.of(redis.url() + "/99", ""), plainly, "answered with");
        }
        refused(RedisSettings.of("redis://127.0.0.1:1", ""), plainly, "refused the connection");
    }

    @Test
    void fullRedisKeepsWhatItHasAndPromisesNoMore() throws Exception {
        try (TestRedis redis = TestRedis.start()) {
            SpeedFixture speed = new SpeedFixture(database, redis, "");
            try (Poller poller = speed.poller()) {
                poller.poll();
                long since = speed.now();
                speed.patient();
                poller.poll();
                redis.ask(commands -> commands.configSet("maxmemory", "1"));
                speed.patient();
                unreachable(poller, "out of memory");
                // What it promised before still holds.
                assertThat(speed.read(since, "Patient").changes()).hasSize(1);
                redis.ask(commands -> commands.configSet("maxmemory", "0"));
                assertThat(((Round.Polled) poller.poll()).restarted()).isEmpty();
                assertThat(speed.read(since, "Patient").changes()).hasSize(2);
            }
        }
    }

    @Test
    @EnabledOnOs(value = OS.LINUX, disabledReason = "the other builds of Redis at hand cannot do TLS")
    void encryptedRedisIsTrustedIfItsAuthorityIs(@TempDir Path folder) throws Exception {
        TestCertificate certificate = TestCertificate.in(folder);
        try (TestRedis redis = TestRedis.encrypted(certificate.certificate(), certificate.key())) {
            RedisSettings stranger = redis.settings("");
            SpeedFixture speed = new SpeedFixture(database, redis, "");
            try (Poller poller = Poller.once(
                    speed.source(),
                    SpeedFixture.settings(),
                    stranger.trusting(certificate.certificate()),
                    Retention.DEFAULT)) {
                assertThat(poller.poll()).isInstanceOf(Round.Polled.class);
            }
            try (Poller poller = Poller.once(speed.source(), SpeedFixture.settings(), stranger, Retention.DEFAULT)) {
                unreachable(poller, "is not trusted: its certificate is of nobody known");
            }
        }
    }

    @Test
    void userOfAccessControlListsNeedsNoMoreThanItsKeys() throws Exception {
        try (TestRedis redis = TestRedis.start()) {
            redis.ask(commands -> commands.aclSetuser(
                    "rf",
                    AclSetuserArgs.Builder.on()
                            .addPassword("acl-canary")
                            .keyPattern("site:fhir:*")
                            .allCommands()
                            .removeCategory(io.lettuce.core.AclCategory.DANGEROUS)));
            String url = "redis://rf:acl-canary@127.0.0.1:" + redis.port();
            SpeedFixture speed = new SpeedFixture(database, redis, "site:");
            try (Poller poller = Poller.once(
                    speed.source(), SpeedFixture.settings(), TestRedis.patient(url, "site:"), Retention.DEFAULT)) {
                assertThat(poller.poll()).isInstanceOf(Round.Polled.class);
                long since = speed.now();
                speed.patient();
                poller.poll();
                for (boolean plainly : List.of(false, true)) {
                    try (RedisReader reader = reader(TestRedis.patient(url, "site:"), plainly)) {
                        assertThat(reader.read(Map.of("Patient", since)).changes())
                                .hasSize(1);
                    }
                    refused(TestRedis.patient(url, "other:"), plainly, "its user may not do that");
                    refused(
                            TestRedis.patient(url.replace("acl-canary", "wrong"), "site:"),
                            plainly,
                            "the password or user is wrong");
                }
            }
            try (Poller poller = Poller.once(
                    speed.source(), SpeedFixture.settings(), TestRedis.patient(url, "other:"), Retention.DEFAULT)) {
                unreachable(poller, "its user may not do that");
            }
            try (Poller poller = Poller.once(
                    speed.source(),
                    SpeedFixture.settings(),
                    TestRedis.patient(url.replace("acl-canary", "wrong"), "site:"),
                    Retention.DEFAULT)) {
                unreachable(poller, "the password or user is wrong");
            }
        }
    }

    @Test
    void databaseThatComesBackIsPolledOn() throws Exception {
        try (TestRedis redis = TestRedis.start()) {
            SpeedFixture speed = new SpeedFixture(database, redis, "");
            try (Poller poller = speed.service()) {
                poller.poll();
                long since = speed.now();
                speed.patient();
                database.execute("""
                        select pg_terminate_backend(pid) from pg_stat_activity
                         where datname = current_database() and pid <> pg_backend_pid()
                        """);
                assertThatThrownBy(poller::poll)
                        .isInstanceOfSatisfying(
                                Failure.class,
                                failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNREACHABLE));
                assertThat(((Round.Polled) poller.poll()).restarted()).isEmpty();
                assertThat(speed.read(since, "Patient").changes()).hasSize(1);
            }
        }
    }

    @Test
    void databaseThatIsStartedAgainIsPolledOn(@TempDir Path folder) throws Exception {
        try (OwnPostgres own = OwnPostgres.start(folder);
                TestRedis redis = TestRedis.start()) {
            SpeedFixture speed = new SpeedFixture(own.database(), redis, "");
            try (Poller poller = speed.service()) {
                poller.poll();
                long since = speed.now();
                speed.patient();
                own.stop();
                for (int round = 1; round <= 2; round++) {
                    assertThatThrownBy(poller::poll)
                            .isInstanceOfSatisfying(
                                    Failure.class,
                                    failure -> assertThat(failure.kind()).isEqualTo(Failure.Kind.UNREACHABLE));
                }
                own.startAgain();
                speed.patient();
                assertThat(((Round.Polled) poller.poll()).restarted()).isEmpty();
                assertThat(speed.read(since, "Patient").changes()).hasSize(2);
            }
        }
    }
}
