package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;
import org.researchflow.rf.cli.Main;
import org.researchflow.rf.rest.ScriptedServer;

/**
 * Secrets in the environment, in files and in URLs, and a patient's id and name in the data, are in nothing that rf says or
 * leaves behind, whatever goes wrong.
 */
@Timeout(300)
class CanaryTest {

    private static final String ROLE = "keeper";
    private static final String PASSWORD = "canary-password";
    private static final String TOKEN = "canary-token";

    /** All of them, in any case, the password of Redis and those in a percent-encoded URL included. */
    private static final String CANARY = "canary";

    private static TestDatabase database;
    private static TestRedis redis;

    @TempDir
    private Path folder;

    /** What rf is given and may hold canaries. */
    @TempDir
    private Path given;

    private final Map<String, String> environment = new HashMap<>();

    @BeforeAll
    static void start() throws SQLException {
        database = TestPostgres.hapi880();
        database.execute("create role " + ROLE + " login superuser password '" + PASSWORD + "'");
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() throws SQLException {
        redis.close();
        database.execute("reassign owned by " + ROLE + " to postgres; drop owned by " + ROLE + "; drop role " + ROLE);
        database.close();
    }

    @BeforeEach
    void configure() {
        environment.put("HOME", folder.toString());
        environment.put("RF_SOURCE", "hapi");
        environment.put("PATH", "/usr/bin:/bin");
        environment.put("PGPASSWORD", PASSWORD);
        environment.put("RF_DB_URL", url(ROLE));
        environment.put("RF_REDIS_URL", redis.url());
        environment.put("RF_FHIR_TOKEN", TOKEN);
    }

    private static String url(String user) {
        return "postgresql://" + user + "@" + database.host() + ":" + database.port() + "/" + database.database();
    }

    /** Runs it so that it says all it can, for people and for programs, and returns what it said the first time. */
    private Ended run(Map<String, String> variables, String... command) {
        Map<String, String> seen = new HashMap<>(environment);
        seen.putAll(variables);
        List<Ended> runs = new ArrayList<>();
        for (List<String> how : List.of(List.of("-v"), List.of("-v", "--log-format", "json"), List.of("-o", "json"))) {
            List<String> words = new ArrayList<>(List.of(command));
            words.addAll(how);
            Ended ended = Rf.with(seen).run(words.toArray(String[]::new));
            assertThat(ended.out() + ended.err())
                    .as(String.join(" ", words))
                    .isNotEmpty()
                    .doesNotContainIgnoringCase(CANARY);
            runs.add(ended);
        }
        return runs.getFirst();
    }

    private Ended run(String... command) {
        return run(Map.of(), command);
    }

    private void ends(int code, Map<String, String> variables, String... command) {
        assertThat(run(variables, command).code()).isEqualTo(code);
    }

    private void assertNothingIsLeftBehind() throws IOException, SQLException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContainIgnoringCase(CANARY);
            }
        }
        for (String table : List.of("materialized_view_metadata", "query_log")) {
            assertThat(database.count("select count(*) from sqlonfhir." + table + " t where t::text ilike '%canary%'"))
                    .as(table)
                    .isZero();
        }
    }

    private String view(String name, String column) throws IOException {
        return Files.writeString(given.resolve(name + ".json"), """
                        {"resourceType": "ViewDefinition", "name": "%s", "resource": "Patient", "status": "active",
                         "select": [{"column": [{"name": "id", "path": "getResourceKey()"}, %s]}]}
                        """.formatted(name, column))
                .toString();
    }

    @Test
    void patientsWhomAViewCannotTakeAreNotNamed() throws IOException, SQLException {
        String single = view("single", "{\"name\": \"family\", \"path\": \"name.family\"}");
        String number = view(
                "number",
                "{\"name\": \"n\", \"path\": \"name.family.first()\","
                        + " \"tag\": [{\"name\": \"ansi/type\", \"value\": \"INTEGER\"}]}");
        Path metrics = folder.resolve("rf.prom");
        database.execute("update hfj_resource set res_deleted_at = now() where res_type = 'Patient'");
        HapiServer hapi = new HapiServer(database);
        for (int i = 0; i < 50; i++) {
            hapi.create("Patient", "good-" + i, "{\"resourceType\": \"Patient\", \"name\": [{\"family\": \"7\"}]}");
        }
        run("views", "create", "-f", single, "-f", number).done();
        hapi.create(
                "Patient",
                "canary-patient",
                "{\"resourceType\": \"Patient\", \"name\": [{\"family\": \"Canaryname\"}, {\"family\": \"Canaryname\"}]}");
        hapi.create("Patient", "canary-broken", "{\"resourceType\": \"Patient\", \"name\": \"Canaryname");
        assertThat(run("views", "refresh-all", "--metrics-file", metrics.toString(), "--show-sql")
                        .code())
                .isEqualTo(2);
        run("views", "refresh-all", "--metrics-file", metrics.toString()).done();
        assertThat(Files.readString(metrics)).contains("rf_view_set_aside{view=\"single\"} ");
        assertThat(run("views", "refresh-all", "--rebuild", "--strict").code()).isEqualTo(3);
        assertThat(run("views", "create", "-f", number, "--replace", "--jobs", "1")
                        .code())
                .isIn(0, 1);
        run("views", "preview", number);
        run("views", "preview", single);
        run("views", "status");
        run("views", "status", "single");
        run("views", "health");
        run("views", "verify");
        run("query", "--gender", "male", "--show-sql");
        run("query", "--gender", "male", "--runner", "postgres");
        run(
                "poll-fhir",
                "--metrics-file",
                folder.resolve("poll.prom").toString(),
                "--health-file",
                folder.resolve("poll.json").toString());
        run("speed", "status");
        run("stats");
        assertNothingIsLeftBehind();
    }

    @Test
    void passwordsThatDoNotFitAreNotShown() throws IOException, SQLException {
        run("views", "create", "patient_simple").done();
        ends(5, Map.of("PGPASSWORD", "canary-wrong"), "views", "list");
        ends(5, Map.of("RF_DB_URL", "postgresql://keeper:canary-password@127.0.0.1:1/x"), "views", "list");
        run(Map.of("RF_DB_URL", "postgresql://keeper:canary/password@127.0.0.1/x"), "views", "list");
        ends(2, Map.of("DATABASE_URL", "postgresql://[canary-password", "RF_DB_URL", ""), "views", "list");
        assertThat(Rf.with(environment)
                        .run("views", "list", "-v", "--db-url", "postgresql://keeper:canary-password@127.0.0.1/x")
                        .failed(2)
                        .err())
                .doesNotContain(CANARY);
        ends(5, Map.of("RF_REDIS_URL", "redis://:canary-password@127.0.0.1:1"), "poll-fhir");
        ends(5, Map.of("RF_REDIS_URL", redis.url().replace(TestRedis.PASSWORD, "canary-wrong")), "poll-fhir");
        ends(2, Map.of("RF_REDIS_URL", "redis://:canary password@127.0.0.1"), "poll-fhir");
        run(Map.of("RF_REDIS_URL", "redis://:canary-password@127.0.0.1:1"), "query", "--gender", "male")
                .done();
        run(Map.of("RF_REDIS_URL", "redis://:canary-password@127.0.0.1:1"), "doctor");
        run("config", "show", "--origin").done();
        run("doctor");
        assertNothingIsLeftBehind();
    }

    @Test
    void configurationFilesAreNotQuoted() throws IOException, SQLException {
        run("views", "create", "patient_simple").done();
        Path file = Files.createDirectories(given.resolve("rf")).resolve("config.toml");
        for (String content : List.of(
                "[database]\npassword = canary-password\n",
                "[database]\npasswrd = \"canary-password\"\n",
                "[database]\npassword = [\"canary-password\"]\n",
                "[database\npassword = \"canary-password\"\n")) {
            Files.writeString(file, content);
            for (List<String> command :
                    List.of(List.of("views", "list"), List.of("config", "validate"), List.of("config", "show"))) {
                assertThat(run(
                                        Map.of("XDG_CONFIG_HOME", given.toString(), "PGPASSWORD", ""),
                                        command.toArray(String[]::new))
                                .code())
                        .as(content)
                        .isEqualTo(2);
            }
        }
        Files.writeString(file, "[database]\nurl = \"" + url(ROLE) + "\"\npassword = \"canary-password\"\n");
        Map<String, String> byFile = Map.of("XDG_CONFIG_HOME", given.toString(), "PGPASSWORD", "", "RF_DB_URL", "");
        run(byFile, "config", "show", "--origin").done();
        run(byFile, "views", "list").done();
        assertNothingIsLeftBehind();
    }

    @Test
    void whatAServerEchoesAndWhatFilesHoldIsNotRepeated() throws IOException, SQLException {
        run("views", "create", "patient_simple").done();
        try (ScriptedServer server = new ScriptedServer()) {
            for (int i = 0; i < 3; i++) {
                server.then(exchange -> {
                    byte[] echo = ("{\"issue\": \"Bearer " + TOKEN + "\"}").getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer " + TOKEN);
                    exchange.sendResponseHeaders(401, echo.length);
                    exchange.getResponseBody().write(echo);
                });
            }
            String from = server.base().toString();
            assertThat(run("poll-fhir", "--from", from, "--type", "Patient", "--since", "2026-01-01T00:00:00Z")
                            .err())
                    .contains("the FHIR server refuses rf (HTTP 401)");
            ends(
                    2,
                    Map.of("RF_FHIR_TOKEN", "canary\ntoken"),
                    "poll-fhir",
                    "--from",
                    from,
                    "--type",
                    "Patient",
                    "--since",
                    "2026-01-01T00:00:00Z");
        }
        Path lines = Files.writeString(given.resolve("bad.ndjson"), """
                {"resourceType": "Patient", "id": "canary-patient", "name": [{"family": "Canaryname\\u0000"}]}
                {"resourceType": "Patient", "id": "canary patient"}
                {"resourceType": "Patient", "id": "canary-patient", "name": [Canaryname]}
                Canaryname
                """);
        environment.put("RF_SOURCE", "resources");
        // The name of a file is what somebody typed; its content is not.
        assertThat(run("load", lines.toString()).code()).isEqualTo(3);
        assertNothingIsLeftBehind();
    }

    @Test
    void commandForFailuresFindsNoSecret() throws IOException {
        Path told = folder.resolve("told");
        Rf.with(environment)
                .with("PGPASSWORD", "canary-wrong")
                .run("views", "refresh-all", "--on-failure", "env > '" + told + "'")
                .failed(5);
        assertThat(Files.readString(told)).contains("RF_EXIT_CODE=5\n").doesNotContainIgnoringCase(CANARY);
    }

    @Test
    void processThatIsLookedAtAndCrashesTellsNothing() throws Exception {
        assumeThat(Path.of("/proc/self/cmdline")).isReadable();
        run("views", "create", "patient_simple").done();
        Path out = folder.resolve("out");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-XX:-CreateCoredumpOnCrash",
                        Main.class.getName(),
                        "views",
                        "watch",
                        "--every",
                        "1s")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile());
        builder.environment().putAll(environment);
        builder.environment().put("CLASSPATH", absoluteClassPath());
        Process process = builder.start();
        try {
            awaitText(out, "round=1 ");
            assertThat(Files.readString(Path.of("/proc/" + process.pid() + "/cmdline")))
                    .doesNotContainIgnoringCase(CANARY);
            kill("-QUIT", process);
            awaitText(out, "Full thread dump");
            kill("-SEGV", process);
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        assertThat(folder.toFile().list()).anyMatch(name -> name.startsWith("hs_err_pid"));
        assertNothingIsLeftBehind();
    }

    private static String absoluteClassPath() {
        return String.join(
                java.io.File.pathSeparator,
                Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
                        .map(entry -> Path.of(entry).toAbsolutePath().toString())
                        .toList());
    }

    private static void kill(String signal, Process process) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                        .start()
                        .waitFor())
                .isZero();
    }

    private static void awaitText(Path file, String text) throws IOException {
        Instant end = Instant.now().plus(Duration.ofSeconds(90));
        while (!Files.readString(file, StandardCharsets.ISO_8859_1).contains(text)) {
            assertThat(Instant.now()).as(text).isBefore(end);
            Thread.onSpinWait();
        }
    }
}
