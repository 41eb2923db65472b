package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.SlowProxy;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/**
 * A gate in per cent is broken by a database that got twice as slow, and not by noise. The system property {@code
 * rf.soak.benches} says how many benches of the same database must all pass.
 */
class BenchNoiseTest {

    private static final int BENCHES = Integer.getInteger("rf.soak.benches", 0);
    private static final String[] GATES = {
        "--fail-if", "floor.p50>+20%", "--fail-if", "materialized.p50>+20%", "--fail-if", "hybrid.p95>+20%"
    };

    private static final String BUSY = "the machine did other work as well";

    private static TestDatabase database;

    @TempDir
    private static Path folder;

    @BeforeAll
    static void createViews() throws SQLException {
        database = TestPostgres.hapi880();
        Rf.on(database).run("views", "create-all").done();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private static Ended bench(TestDatabase at, String duration, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("bench", "--query", "count", "--duration", duration, "--warmup", "200ms"));
        arguments.addAll(Arrays.asList(more));
        return Rf.on(at).run(arguments.toArray(String[]::new));
    }

    private static double median(Path bench, String runner) throws IOException {
        for (var series : new JsonMapper().readTree(Files.readString(bench)).path("series")) {
            if (series.path("runner").asText().equals(runner)) {
                return series.at("/figures/p50/value").asDouble();
            }
        }
        throw new AssertionError("no " + runner + " in " + bench);
    }

    @Test
    void databaseThatIsTwiceAsSlowBreaksTheGate() throws IOException {
        try (SlowProxy proxy = new SlowProxy(database.port())) {
            TestDatabase behind = new TestDatabase(
                    "127.0.0.1", proxy.port(), database.database(), database.user(), database.password());
            Path before = folder.resolve("fast.json");
            Path late = folder.resolve("late.json");
            bench(behind, "1s", "--save", before.toString()).done();
            Duration probe = Duration.ofMillis(10);
            proxy.delay(probe);
            bench(behind, "1s", "--save", late.toString()).done();
            double median = median(before, "materialized");
            double roundTrips = (median(late, "materialized") - median) / probe.toMillis();
            proxy.delay(Duration.ofNanos((long) (median / roundTrips * 1e6)));
            Ended slow = bench(behind, "1s", "--baseline", before.toString(), "--fail-if", "materialized.p50>+20%");
            assertThat(slow.code()).as(slow.out()).isEqualTo(4);
            assertThat(slow.out()).contains("broken  materialized.p50>+20%  query count materialized");
        }
    }

    /** On a machine that does nothing else; what others do to figures is no noise. */
    @Test
    void noiseBreaksNoGate() throws IOException {
        assumeThat(BENCHES).as("benches").isPositive();
        Path before = folder.resolve("noise.json");
        assumeQuiet(bench(database, "2s", "--save", before.toString()).done());
        int quiet = 0;
        for (int i = 1; i <= BENCHES; i++) {
            List<String> arguments = new ArrayList<>(List.of("--baseline", before.toString()));
            arguments.addAll(List.of(GATES));
            Ended again = bench(database, "2s", arguments.toArray(String[]::new));
            if (!again.err().contains(BUSY)) {
                quiet++;
                assertThat(again.code()).as("bench " + i + "\n" + again.out()).isZero();
            }
        }
        assumeThat(quiet).as("benches on a quiet machine").isPositive();
    }

    private static void assumeQuiet(Ended bench) {
        assumeThat(bench.err()).doesNotContain(BUSY);
    }
}
