package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;

/** What {@code rf bench --allow-writes} writes is gone in the end, whatever the end is. */
class BenchWritesTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WRITTEN = "select count(*) from hfj_res_ver where pid >= 1000000000000";

    private static String[] bench(String... more) {
        List<String> arguments = new ArrayList<>(List.of("bench", "--allow-writes", "--runs", "1", "--warmup", "0ms"));
        arguments.addAll(Arrays.asList(more));
        return arguments.toArray(String[]::new);
    }

    /** All that HAPI's tables hold. */
    private static List<String> contents(TestDatabase database) throws SQLException {
        List<String> contents = new ArrayList<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String table : List.of("hfj_resource", "hfj_res_ver", "hfj_res_tag")) {
                try (ResultSet row = statement.executeQuery("select '" + table + " ' || count(*) || ' '"
                        + " || sum(hashtextextended(t::text, 0)::numeric) from " + table + " t")) {
                    row.next();
                    contents.add(row.getString(1));
                }
            }
        }
        return contents;
    }

    private static void requireAsBefore(TestDatabase database, List<String> before) throws SQLException {
        assertThat(contents(database)).isEqualTo(before);
        Rf.on(database).run("views", "verify").done();
    }

    @Test
    void databaseAndRedisAreAsBefore() throws SQLException {
        try (TestDatabase database = TestPostgres.hapi880();
                TestRedis redis = TestRedis.start()) {
            Rf.on(database).run("views", "create-all").done();
            List<String> before = contents(database);
            Rf rf = Rf.on(database).with("RF_REDIS_URL", redis.url()).with("RF_REDIS_PREFIX", "{own}:");
            JsonNode report = rf.run(bench("speed", "refresh", "freshness", "--duration", "20ms", "-o", "json"))
                    .json();
            assertThat(StreamSupport.stream(report.path("series").spliterator(), false)
                            .map(series -> series.path("query").asText()))
                    .contains("merge-10000", "scan-1000", "write", "changed-10%", "full", "polled-each-1s");
            assertThat(report.at("/series").findValues("errors"))
                    .allMatch(errors -> !errors.isNumber() || errors.asInt() == 0);
            List<String> left = redis.ask(commands -> commands.keys("*"));
            assertThat(left).isEmpty();
            requireAsBefore(database, before);
            redis.kill();
            assertThat(rf.run(bench("speed", "--duration", "20ms")).failed(5).err())
                    .contains("Redis");
            requireAsBefore(database, before);
        }
    }

    @Test
    void interruptedAndKilledBenchesLeaveNothing() throws SQLException, IOException, InterruptedException {
        try (TestDatabase database = TestPostgres.hapi622()) {
            Rf.on(database).run("views", "create-all", "--lenient");
            List<String> before = contents(database);
            List<String> lasting = List.of(bench("refresh", "--duration", "120s"));
            try (RfRun run = RfRun.start(database, lasting)) {
                awaitWrites(database, run);
                run.interrupt();
                assertThat(run.end().code()).isEqualTo(130);
            }
            assertThat(contents(database)).isEqualTo(before);
            try (RfRun run = RfRun.start(database, lasting)) {
                awaitWrites(database, run);
                run.kill();
            }
            assertThat(contents(database)).isNotEqualTo(before);
            Rf.on(database).run(bench("refresh", "--duration", "20ms")).done();
            requireAsBefore(database, before);
        }
    }

    private static void awaitWrites(TestDatabase database, RfRun run) throws SQLException, IOException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (database.count(WRITTEN) == 0) {
            assertThat(run.isAlive() && System.nanoTime() < deadline)
                    .as("it writes")
                    .isTrue();
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
    }

    @Test
    void whatCannotBeWrittenIntoIsRefused() throws SQLException {
        try (TestDatabase database = TestPostgres.empty()) {
            Rf rf = Rf.on(database);
            assertThat(rf.run("bench", "query", "refresh").failed(2).err())
                    .contains("refresh writes resources, and the configured database is not the sandbox");
            assertThat(rf.run(bench("refresh")).failed(2).err()).contains("there are no materialized views to ask");
            assertThat(rf.run("bench").failed(2).err()).contains("there are no materialized views to ask");
        }
    }
}
