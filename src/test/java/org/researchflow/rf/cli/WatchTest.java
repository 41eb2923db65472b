package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.cli.CommandLineFixture.Ended;

/** {@code rf views watch}, and what monitoring and alerting are told. */
@Timeout(120)
class WatchTest {

    private static TestDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void createViews() throws SQLException {
        database = TestPostgres.hapi880();
        HapiWriter.prepare(database);
        assertThat(rf().run("views", "create", "condition_simple", "patient_simple")
                        .code())
                .isZero();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private static Map<String, String> environment() {
        return Map.of("PATH", "/usr/bin:/bin", "PGPASSWORD", database.password(), "RF_DB_URL", url());
    }

    private static String url() {
        return "postgresql://" + database.user() + "@" + database.host() + ":" + database.port() + "/"
                + database.database();
    }

    private static CommandLineFixture rf() {
        return CommandLineFixture.rf().with(environment());
    }

    /** A watch under way in this process. */
    private static final class Watch {
        private final CommandLineFixture rf = rf();
        private final BufferedReader lines;
        private final CompletableFuture<Ended> ended;

        private Watch(String... more) throws IOException {
            PipedOutputStream out = new PipedOutputStream();
            lines = new BufferedReader(
                    new java.io.InputStreamReader(new PipedInputStream(out, 1 << 16), StandardCharsets.UTF_8));
            String[] all = new String[more.length + 4];
            List.of("views", "watch", "--every", "1s").toArray(all);
            System.arraycopy(more, 0, all, 4, more.length);
            ended = CompletableFuture.supplyAsync(() -> rf.run(out, all));
        }

        /** Reads on to the first line that has this in it. */
        private String lineWith(String text) throws IOException {
            String line = lines.readLine();
            while (line != null && !line.contains(text)) {
                line = lines.readLine();
            }
            assertThat(line).as(text).isNotNull();
            return line;
        }

        private Ended stop() {
            rf.cancellation().askToStop();
            return ended.join();
        }
    }

    @Test
    void keepsViewsUpToDateUntilItIsStopped() throws Exception {
        Watch watch = new Watch();
        assertThat(watch.lineWith("round=1"))
                .matches("2026-11-20T05:15:00Z watch round round=1 ok=2 failed=0 skipped=0"
                        + " changed=[0-9]+ seconds=[0-9.]+");
        long before = database.count("select count(*) from sqlonfhir.condition_simple");
        try (Connection connection = database.connect()) {
            new HapiWriter(connection)
                    .create(
                            "Condition",
                            "{\"resourceType\": \"Condition\", \"code\": {\"coding\": [{\"code\": \"a\"}]}}");
        }
        watch.lineWith(" changed=1 ");
        assertThat(database.count("select count(*) from sqlonfhir.condition_simple"))
                .isEqualTo(before + 1);
        Ended ended = watch.stop();
        assertThat(ended.code()).isZero();
        assertThat(watch.lineWith("stopped")).contains("watch stopped round=");
        assertThat(ended.err()).isEmpty();
    }

    @Test
    void refreshesOnlyWhatIsDue() throws Exception {
        assertThat(rf().run("views", "set", "patient_simple", "--refresh-interval", "1h")
                        .code())
                .isZero();
        assertThat(rf().run("views", "set", "condition_simple", "--no-auto-refresh")
                        .code())
                .isZero();
        try {
            Watch watch = new Watch("-o", "ndjson");
            assertThat(watch.lineWith("\"round\":1,"))
                    .startsWith(
                            "{\"schema\":\"rf.watch/v1\",\"at\":\"2026-11-20T05:15:00Z\",\"event\":\"round\",\"round\":1,"
                                    + "\"ok\":0,");
            database.execute("update sqlonfhir.materialized_view_metadata"
                    + " set watermark_at = watermark_at - interval '2 hours'");
            watch.lineWith("\"ok\":1,");
            watch.lineWith("\"ok\":0,");
            assertThat(watch.stop().code()).isZero();
        } finally {
            assertThat(rf().run(
                                    "views",
                                    "set",
                                    "patient_simple",
                                    "condition_simple",
                                    "--auto-refresh",
                                    "--refresh-interval",
                                    "default")
                            .code())
                    .isZero();
        }
    }

    @Test
    void outlivesADatabaseThatGoesAwayAndAlertsOnce() throws Exception {
        Path alerts = folder.resolve("alerts");
        Watch watch = new Watch("--on-failure", "echo \"$RF_COMMAND $RF_EXIT_CODE $RF_ERROR\" >> '" + alerts + "'");
        watch.lineWith("round=1");
        TestDatabase other = database.as("postgres", database.user(), database.password());
        other.execute("alter database " + database.database() + " with allow_connections false");
        watch.lineWith("watch lost");
        watch.lineWith("watch lost");
        other.execute("alter database " + database.database() + " with allow_connections true");
        watch.lineWith("watch round");
        assertThat(watch.stop().code()).isZero();
        assertThat(Files.readAllLines(alerts)).singleElement().asString().startsWith("watch ");
    }

    @Test
    void failureOfTheFirstRoundEndsIt() {
        Ended ended = CommandLineFixture.rf()
                .with(Map.of("RF_DB_URL", "postgresql://nobody@127.0.0.1:1/none"))
                .run("views", "watch");
        assertThat(ended.code()).isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(ended.err()).contains("cannot reach PostgreSQL at 127.0.0.1:1");
    }

    @Test
    void signalsEndTheProcessWithZero() throws Exception {
        for (String signal : List.of("TERM", "INT")) {
            ProcessBuilder builder = new ProcessBuilder(
                    "bash",
                    "-c",
                    "set -m; exec '" + Path.of(System.getProperty("java.home"), "bin", "java")
                            + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp \"$RF_TEST_CLASS_PATH\" "
                            + Main.class.getName() + " views watch --every 1h");
            builder.environment().putAll(environment());
            builder.environment().put("RF_TEST_CLASS_PATH", System.getProperty("java.class.path"));
            Process process =
                    builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            assertThat(lines.readLine()).contains("watch round round=1 ");
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            assertThat(lines.readLine()).as(signal).contains("watch stopped round=1");
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(signal).isZero();
        }
    }

    @Test
    void roundUnderWayIsRolledBackWhenItTakesTooLong() throws Exception {
        try (Connection other = database.connect();
                Statement statement = other.createStatement()) {
            Watch watch = new Watch();
            watch.lineWith("round=1");
            other.setAutoCommit(false);
            statement.execute("lock table sqlonfhir.materialized_view_metadata in share mode");
            database.execute("""
                    do $$ begin
                      while not exists (select from pg_stat_activity
                                         where wait_event_type = 'Lock' and datname = current_database()) loop
                        perform pg_sleep(0.05);
                        perform pg_stat_clear_snapshot();
                      end loop;
                    end $$""");
            watch.rf.cancellation().askToStop();
            watch.rf.cancellation().cancel();
            assertThat(watch.ended.join().code()).isZero();
            other.rollback();
        }
        assertThat(rf().run("views", "refresh-all").code()).isZero();
        assertThat(rf().run("views", "verify").code()).isZero();
    }

    @Test
    void metricsFileIsForPrometheus() throws Exception {
        Path metrics = folder.resolve("rf.prom");
        assertThat(rf().run("views", "refresh-all", "--metrics-file", metrics.toString())
                        .code())
                .isZero();
        String text = Files.readString(metrics);
        long rows = database.count("select count(*) from sqlonfhir.patient_simple");
        assertThat(text)
                .contains("# TYPE rf_view_rows gauge\n", "rf_view_rows{view=\"patient_simple\"} " + rows + "\n")
                .contains("rf_view_healthy{view=\"condition_simple\"} 1\n")
                .contains("rf_view_staleness_limit_seconds{view=\"condition_simple\"} 86400\n")
                .containsPattern(
                        "rf_view_last_refresh_timestamp_seconds\\{view=\"patient_simple\"} [0-9]{10}\\.[0-9]{3}\n")
                .containsPattern(
                        "rf_view_watermark_timestamp_seconds\\{view=\"patient_simple\"} [0-9]{10}\\.[0-9]{3}\n")
                .containsPattern("rf_view_refresh_duration_seconds\\{view=\"patient_simple\"} [0-9]+\\.[0-9]{3}\n");
        assertThat(folder.toFile().list()).containsExactly("rf.prom");
        assertThat(rf().run("views", "health", "--max-staleness", "0s", "--metrics-file", metrics.toString())
                        .code())
                .isEqualTo(ExitCode.CHECK.number());
        assertThat(Files.readString(metrics)).contains("rf_view_healthy{view=\"condition_simple\"} 0\n");
        assertThat(rf().run(
                                "views",
                                "refresh-all",
                                "--metrics-file",
                                folder.resolve("none/rf.prom").toString()))
                .satisfies(ended -> assertThat(ended.code()).isEqualTo(ExitCode.USAGE.number()))
                .satisfies(ended -> assertThat(ended.err()).contains("cannot write --metrics-file"));
    }

    @Test
    void commandForFailuresIsToldWhatFailedAndNoSecret() throws Exception {
        Path told = folder.resolve("told");
        String tell = "env > '" + told + "'";
        assertThat(rf().run("views", "refresh-all", "--on-failure", tell).code())
                .isZero();
        assertThat(told).doesNotExist();
        database.execute("alter view sqlonfhir.patient_simple rename to away;"
                + " create table sqlonfhir.patient_simple (mine int)");
        try {
            Ended failed = rf().run("views", "refresh-all", "--on-failure", tell + "; exit 7");
            assertThat(failed.code()).isEqualTo(ExitCode.PARTIAL.number());
            assertThat(failed.err()).contains("the command of --on-failure ended with 7");
            assertThat(Files.readString(told))
                    .contains("RF_COMMAND=refresh-all\n", "RF_EXIT_CODE=3\n", "RF_FAILED_VIEWS=patient_simple\n")
                    .contains("RF_ERROR=patient_simple failed: there is already a relation patient_simple")
                    .doesNotContain(database.password(), "RF_DB_URL");
            assertThat(rf().run("views", "refresh", "patient_simple", "--on-failure", tell)
                            .code())
                    .isEqualTo(ExitCode.USAGE.number());
            assertThat(Files.readString(told)).contains("RF_COMMAND=refresh\n", "RF_EXIT_CODE=2\n");
        } finally {
            database.execute(
                    "drop table sqlonfhir.patient_simple;" + " alter view sqlonfhir.away rename to patient_simple");
        }
        assertThat(rf().run("views", "refresh-all", "--on-failure", tell).code())
                .isZero();
        assertThat(rf().run("views", "health", "--max-staleness", "0s", "--on-failure", tell)
                        .code())
                .isEqualTo(ExitCode.CHECK.number());
        assertThat(Files.readString(told)).contains("RF_FAILED_VIEWS=condition_simple patient_simple\n");
        assertThat(CommandLineFixture.rf()
                        .with(Map.of("RF_DB_URL", "postgresql://nobody@127.0.0.1:1/none", "PATH", "/usr/bin:/bin"))
                        .run("views", "refresh-all", "--on-failure", tell)
                        .code())
                .isEqualTo(ExitCode.UNREACHABLE.number());
        assertThat(Files.readString(told)).contains("RF_EXIT_CODE=5\n");
    }
}
