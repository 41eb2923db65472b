package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;
import org.researchflow.rf.cli.CommandLineFixture.Ended;

/** {@code rf poll-fhir} and {@code rf speed}. */
@Timeout(120)
class PollTest {

    private static TestDatabase database;
    private static TestRedis redis;

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
    void empty() {
        redis.ask(commands -> commands.flushall());
    }

    private Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>();
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("PGPASSWORD", database.password());
        environment.put(
                "RF_DB_URL",
                "postgresql://" + database.user() + "@" + database.host() + ":" + database.port() + "/"
                        + database.database());
        environment.put("REDIS_URL", redis.url());
        environment.put("XDG_STATE_HOME", folder.toString());
        return environment;
    }

    private CommandLineFixture rf() {
        return CommandLineFixture.rf().with(environment());
    }

    private static void patient() throws SQLException {
        try (Connection connection = database.connect()) {
            new HapiWriter(connection).create("Patient", "{\"resourceType\": \"Patient\"}");
        }
    }

    @Test
    void pollsOnceAndTellsWhatRedisHolds() throws Exception {
        assertThat(rf().run("speed", "status").out()).contains("coverage  none: Redis was emptied");
        assertThat(rf().run("poll-fhir").out())
                .contains(" poll round round=1 asOf=")
                .contains("restarted=\"Redis held no coverage\"");
        patient();
        Ended polled = rf().run("poll-fhir", "-o", "ndjson");
        assertThat(polled.code()).isZero();
        assertThat(polled.out())
                .startsWith(
                        "{\"schema\":\"rf.poll/v1\",\"at\":\"2026-11-20T05:15:00Z\",\"event\":\"round\",\"round\":1,")
                .contains("\"resources\":1,\"tombstones\":0,\"unreadable\":0,\"known\":0,");
        Ended logged = rf().run("poll-fhir", "--log-format", "json");
        assertThat(logged.err()).isEmpty();
        assertThat(logged.out())
                .startsWith("{\"schema\":\"rf.poll/v1\",\"at\":\"2026-11-20T05:15:00Z\",\"level\":\"info\","
                        + "\"event\":\"round\",\"round\":1,")
                .hasLineCount(1);
        Ended status = rf().run("speed", "status", "-o", "json");
        assertThat(status.out()).contains("\"covered\":true", "\"changes\":{\"Patient\":1}", "\"polled\":false");
        assertThat(polled.out() + polled.err() + status.out() + status.err()).doesNotContain(TestRedis.PASSWORD);
    }

    @Test
    void servesUntilItIsStopped() throws Exception {
        Path health = folder.resolve("poll.json");
        CommandLineFixture rf = rf();
        PipedOutputStream out = new PipedOutputStream();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new PipedInputStream(out, 1 << 16), StandardCharsets.UTF_8))) {
            CompletableFuture<Ended> ended = CompletableFuture.supplyAsync(
                    () -> rf.run(out, "poll-fhir", "--every", "100ms", "--health-file", health.toString()));
            lineWith(lines, "round=1 ");
            patient();
            lineWith(lines, " resources=1 ");
            assertThat(Files.readString(health)).contains("\"schema\":\"rf.poll/v1\"", "\"event\":\"round\"");
            redis.kill();
            assertThat(lineWith(lines, " poll lost ")).contains("error=\"cannot use Redis at 127.0.0.1:");
            assertThat(Files.readString(health)).contains("\"event\":\"lost\"");
            patient();
            redis.startAgain();
            lineWith(lines, "restarted=\"Redis held no coverage\"");
            assertThat(rf().run("poll-fhir", "--every", "1s", "--from", "elsewhere")
                            .code())
                    .isEqualTo(2);
            rf.cancellation().askToStop();
            assertThat(ended.join().code()).isZero();
            lineWith(lines, " poll stopped ");
        }
    }

    private static String lineWith(BufferedReader lines, String text) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.contains(text)) {
            line = lines.readLine();
        }
        assertThat(line).as(text).isNotNull();
        return line;
    }

    @Test
    void refreshTakesThePollerAlong() {
        assertThat(rf().run("views", "create", "patient_simple").code()).isZero();
        // Where nothing polls, a refresh begins nothing.
        assertThat(redis.ask(commands -> commands.exists("fhir:coverage")).longValue())
                .isZero();
        rf().run("poll-fhir");
        String before = redis.ask(commands -> commands.hget("fhir:coverage", "round"));
        assertThat(rf().run("views", "refresh", "patient_simple").code()).isZero();
        String after = redis.ask(commands -> commands.hget("fhir:coverage", "round"));
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void refreshGoesOnWithoutRedis() throws Exception {
        Map<String, String> environment = environment();
        environment.put("REDIS_URL", "redis://127.0.0.1:1");
        CommandLineFixture rf = CommandLineFixture.rf().with(environment);
        assertThat(rf.run("views", "create", "condition_simple").code()).isZero();
        try (var files = Files.list(folder.resolve("rf"))) {
            assertThat(files).hasSize(1);
        }
        Ended polled = CommandLineFixture.rf().with(environment).run("poll-fhir");
        assertThat(polled.code()).isEqualTo(5);
        assertThat(polled.err()).contains("cannot use Redis at 127.0.0.1:1", "refused the connection");
    }

    @Test
    void flushForgetsAndPurgeRemoves() throws Exception {
        rf().run("poll-fhir");
        patient();
        rf().run("poll-fhir");
        redis.ask(commands -> commands.set("other:key", "stays"));
        Ended asked = rf().run("speed", "flush");
        assertThat(asked.code()).isEqualTo(2);
        assertThat(asked.err()).contains("rf speed flush --yes");
        assertThat(rf().run("speed", "flush", "--yes").out()).contains("keys removed");
        assertThat(redis.ask(commands -> commands.keys("fhir:*")).isEmpty()).isTrue();
        rf().run("poll-fhir");
        assertThat(rf().run("speed", "purge", "--yes", "-o", "json").out()).contains("\"removedKeys\":");
        assertThat(redis.ask(commands -> commands.keys("*")).equals(java.util.List.of("other:key")))
                .isTrue();
    }

    @Test
    void passwordsDoNotBelongIntoCommandLines() throws Exception {
        Ended ended = rf().run("speed", "status", "--redis-url", "redis://rf:canary-secret@127.0.0.1:6379");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains("--redis-url holds a password", "RF_REDIS_PASSWORD_FILE");
        assertThat(ended.err()).doesNotContain("canary-secret");
        Path file = folder.resolve("password");
        Files.writeString(file, TestRedis.PASSWORD + "\n");
        Map<String, String> environment = environment();
        environment.put("RF_REDIS_PASSWORD_FILE", file.toString());
        Ended status = CommandLineFixture.rf()
                .with(environment)
                .run("speed", "status", "--redis-url", "redis://127.0.0.1:" + redis.port());
        assertThat(status.code()).isZero();
        environment.remove("RF_REDIS_PASSWORD_FILE");
        Ended refused = CommandLineFixture.rf()
                .with(environment)
                .run("speed", "status", "--redis-url", "redis://127.0.0.1:" + redis.port());
        assertThat(refused.code()).isEqualTo(5);
        assertThat(refused.err()).contains("password or user is wrong");
    }
}
