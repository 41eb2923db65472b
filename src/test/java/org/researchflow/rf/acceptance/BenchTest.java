package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.StallingProxy;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** {@code rf bench} on a HAPI server's data: right first, then measured, then held against bounds. */
class BenchTest {

    private static final String[] SHORT = {
        "bench", "query", "--query", "diabetes", "--duration", "200ms", "--runs", "3", "--warmup", "10ms"
    };

    private static TestDatabase database;

    @TempDir
    Path folder;

    @BeforeAll
    static void createViews() throws SQLException {
        database = TestPostgres.hapi880();
        Rf.on(database).run("views", "create-all").done();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private Ended bench(String... more) {
        return Rf.on(database)
                .run(Stream.concat(Stream.of(SHORT), Stream.of(more)).toArray(String[]::new));
    }

    /** In fewer runs than a gate in per cent takes. */
    private static Ended twice(String... more) {
        String[] two = {"bench", "--query", "diabetes", "--duration", "40ms", "--warmup", "0ms", "--runs", "2"};
        return Rf.on(database)
                .run(Stream.concat(Stream.of(two), Stream.of(more)).toArray(String[]::new));
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private JsonNode read(String name) throws IOException {
        return new JsonMapper().readTree(Files.readString(folder.resolve(name)));
    }

    @Test
    void figuresAreThoseOfTheSamples() throws IOException {
        JsonNode report = bench("-o", "json", "--samples", file("samples.csv")).json();
        List<String> lines = Files.readAllLines(folder.resolve("samples.csv"));
        assertThat(report.path("schema").asText()).isEqualTo("rf.bench/v1");
        assertThat(report.path("series")).hasSize(4);
        for (JsonNode series : report.path("series")) {
            String prefix = "query,diabetes," + series.path("runner").asText() + ",";
            List<Double> samples = lines.stream()
                    .filter(line -> line.startsWith(prefix))
                    .map(line -> Double.parseDouble(line.substring(line.lastIndexOf(',') + 1)) / 1000)
                    .sorted()
                    .toList();
            assertThat(series.path("asked").asLong()).isEqualTo(samples.size());
            assertThat(series.path("errors").asLong()).isZero();
            for (int percentile : new int[] {50, 90, 95, 99}) {
                double exact = samples.get((int) Math.ceil(samples.size() * percentile / 100.0) - 1);
                JsonNode figure = series.path("figures").path("p" + percentile);
                assertThat(figure.path("value").asDouble()).isCloseTo(exact, within(exact * 0.002));
                assertThat(figure.path("low").asDouble())
                        .isLessThanOrEqualTo(figure.path("value").asDouble());
                assertThat(figure.path("high").asDouble())
                        .isGreaterThanOrEqualTo(figure.path("value").asDouble());
            }
            assertThat(series.path("figures").path("max").path("value").asDouble())
                    .isCloseTo(samples.getLast(), within(samples.getLast() * 0.002));
        }
        assertThat(report.path("environment").path("rows of patient_simple").asLong())
                .isPositive();
    }

    @Test
    void everyFormatHasEverySeries() {
        assertThat(bench().lines())
                .filteredOn(line -> line.startsWith("query "))
                .hasSize(4);
        assertThat(bench("-o", "csv").lines())
                .hasSize(5)
                .first()
                .asString()
                .startsWith("scenario,query,runner,asked,p50,p50_low,p50_high");
        assertThat(bench("-o", "markdown").lines())
                .filteredOn(line -> line.startsWith("| query | diabetes |"))
                .hasSize(4);
    }

    @Test
    void sqlViewsAreNotAsked() throws IOException {
        Path view = Files.writeString(folder.resolve("men.sql"), """
                /*---
                name: men
                ---*/
                select id from sqlonfhir.patient_simple where gender = 'male'
                """);
        Rf.on(database).run("views", "create", "-f", view.toString()).done();
        Ended ended = Rf.on(database)
                .run("bench", "query", "--duration", "20ms", "--runs", "1", "--warmup", "0ms", "-o", "json");
        Rf.on(database).run("views", "drop", "men", "--yes").done();
        assertThat(ended.done().json().findValuesAsText("query"))
                .contains("diabetes")
                .doesNotContain("men");
    }

    @Test
    void linesOfJsonHoldExactNumbers() throws IOException {
        for (String line : bench("-o", "ndjson").lines()) {
            JsonNode row = new JsonMapper().readTree(line);
            assertThat(row.path("p50").isDouble()).as(line).isTrue();
            assertThat(row.path("p50").asDouble())
                    .isLessThanOrEqualTo(row.path("max").asDouble());
        }
    }

    @Test
    void rateThatNothingKeepsUpWithEndsWithErrors() {
        Ended ended = Rf.on(database)
                .run(
                        "bench",
                        "concurrency",
                        "--query",
                        "clients-1",
                        "--runs",
                        "1",
                        "--warmup",
                        "0ms",
                        "--duration",
                        "100ms",
                        "--rate",
                        "1000000");
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.out()).contains("clients-1  materialized");
    }

    @Test
    void answersThatDifferAreNotMeasured() throws SQLException {
        try (TestDatabase other = TestPostgres.hapi880()) {
            Rf.on(other).run("views", "create-all").done();
            other.execute("""
                    do $$ declare stored text; begin
                      select format('sqlonfhir_store.v%s_g%s', view_number, generation) into stored
                        from sqlonfhir.materialized_view_metadata where view_name = 'patient_simple';
                      execute 'delete from ' || stored || ' where gender = ''male''';
                    end $$""");
            assertThat(Rf.on(other).run(SHORT).failed(1).err())
                    .contains("the runners do not agree on \"diabetes\", and nothing is measured", "materialized=0");
        }
    }

    @Test
    void boundsThatAreCrossedEndWith4() throws IOException {
        Ended broken = bench("--fail-if", "materialized.p50>1us", "--fail-if", "errors.floor.p50>1h", "-o", "json");
        assertThat(broken.code()).isEqualTo(2);
        broken = bench(
                "--fail-if", "materialized.p50>1us", "--fail-if", "diabetes.hybrid.p99>100s", "--junit", file("j.xml"));
        assertThat(broken.code()).isEqualTo(4);
        assertThat(broken.out())
                .contains("broken  materialized.p50>1us  query diabetes materialized")
                .contains("kept    diabetes.hybrid.p99>100s  query diabetes hybrid");
        assertThat(Files.readString(folder.resolve("j.xml")))
                .contains("tests=\"6\"", "failures=\"1\"", "name=\"diabetes materialized materialized.p50&gt;1us\"");
        assertThat(bench("--fail-if", "floor.throughput<1", "--fail-if", "hybrid.errors>0")
                        .code())
                .isZero();
    }

    @Test
    void slowdownBeyondTheBaselineEndsWith4() throws IOException {
        bench("--save", file("before.json")).done();
        assertThat(bench("--baseline", file("before.json"), "--fail-if", "floor.p50>+900%")
                        .code())
                .isZero();
        JsonNode before = read("before.json");
        before.path("series")
                .forEach(series -> series.path("figures").forEach(figure -> {
                    for (String bound : new String[] {"value", "low", "high"}) {
                        ((ObjectNode) figure).put(bound, figure.path(bound).asDouble() / 20);
                    }
                }));
        Files.writeString(folder.resolve("faster.json"), before.toString());
        Ended slower = bench("--baseline", file("faster.json"), "--fail-if", "hybrid.p50>+20%");
        assertThat(slower.code()).isEqualTo(4);
        assertThat(slower.out()).contains("broken  hybrid.p50>+20%");
    }

    @Test
    void baselineOfAnotherPlaceIsAWarningAndOfOtherQueriesNoBaseline() throws IOException {
        bench("--save", file("here.json")).done();
        ObjectNode other = (ObjectNode) read("here.json");
        ((ObjectNode) other.path("environment"))
                .put("machine", "128 processors")
                .put("rf", "0.0");
        Files.writeString(folder.resolve("there.json"), other.toString());
        assertThat(bench("--baseline", file("there.json")).done().err())
                .contains("the baseline is of another place: machine is ", "and was 128 processors")
                .doesNotContain("rf is", "when is");
        Ended missing = Rf.on(database)
                .run(
                        "bench",
                        "--query",
                        "count",
                        "--duration",
                        "50ms",
                        "--runs",
                        "3",
                        "--warmup",
                        "0ms",
                        "--baseline",
                        file("here.json"),
                        "--fail-if",
                        "floor.p50>+20%");
        assertThat(missing.code()).isEqualTo(4);
        assertThat(missing.out()).contains("the baseline has no figure for it; --save another one");
    }

    @Test
    void tooFewConnectionsAreSaidAsSuch() throws SQLException {
        database.execute("""
                create role few login password 'only-for-tests' connection limit 3;
                grant pg_read_all_data to few""");
        try {
            Rf rf = Rf.on(
                    new TestDatabase(database.host(), database.port(), database.database(), "few", "only-for-tests"));
            String[] arguments = {
                "bench", "concurrency", "--query", "clients-10", "--runs", "1", "--duration", "200ms", "--warmup", "0ms"
            };
            assertThat(rf.run(arguments).failed(5).err())
                    .contains(
                            "too many connections for role",
                            "the clients share 10 connections, and there is room for 3");
            arguments[3] = "clients-1";
            rf.run(arguments).done();
        } finally {
            database.execute("drop owned by few; drop role few");
        }
    }

    @Test
    void wrongGatesAndFilesAreExplained() throws IOException {
        assertThat(bench("--fail-if", "hybrid.p95").failed(2).err()).contains("[query.]runner.metric (>|<) number");
        assertThat(bench("--fail-if", "hybrid.p42>1ms").failed(2).err()).contains("no metric \"p42\"", "p50, p90");
        assertThat(bench("--fail-if", "hybrid.p95>5").failed(2).err()).contains("a time without a unit");
        assertThat(bench("--fail-if", "hybrid.p95>+5%").failed(2).err()).contains("needs --baseline");
        twice("--save", file("two.json")).done();
        String[] relative = {"--baseline", file("two.json"), "--fail-if", "hybrid.p95>+5%"};
        assertThat(bench(relative).failed(2).err())
                .contains("needs a baseline of at least 3 runs, and this is one of 2");
        assertThat(twice(relative).failed(2).err()).contains("needs at least --runs 3");
        assertThat(bench("--fail-if", "hybird.p95>5ms").failed(2).err())
                .contains("is about nothing that was measured", "diabetes.hybrid");
        Files.writeString(folder.resolve("other.json"), "{\"schema\": \"rf.views/v1\"}");
        assertThat(bench("--baseline", file("other.json")).failed(2).err()).contains("no saved bench in");
        assertThat(bench("--baseline", file("none.json")).failed(2).err())
                .contains("cannot read the baseline", "there is no such file");
        Files.writeString(folder.resolve("half.json"), "{\"schema\": ");
        assertThat(bench("--baseline", file("half.json")).failed(2).err()).contains("it is not JSON");
        Files.writeString(
                folder.resolve("words.json"),
                "{\"schema\": \"rf.bench/v1\", \"series\": [{\"figures\": {\"p50\": {\"value\": \"fast\"}}}]}");
        assertThat(bench("--baseline", file("words.json")).failed(2).err()).contains("is not a number with its bounds");
        for (String option : new String[] {"--html", "--save", "--junit", "--samples"}) {
            assertThat(bench(option, file("nowhere/x")).failed(2).err())
                    .contains("cannot write " + option, "its folder does not exist");
            assertThat(bench(option, folder.toString()).failed(2).err()).contains(option + " names a folder");
        }
        assertThat(bench("--query", "diabtes").failed(2).err())
                .contains("no query \"diabtes\"", "count-patient_simple", "diabetes");
        assertThat(bench("--rate", "0").failed(2).err()).contains("--rate must be more than 0");
        assertThat(Rf.on(database).run("bench", "--runs", "0").failed(2).err()).contains("--runs must be from 1");
        assertThat(Rf.on(database).run("bench", "querry").failed(2).err()).contains("no scenario \"querry\"");
        assertThat(Rf.on(database).run("bench", "refresh").failed(2).err())
                .contains("refresh writes resources, and the configured database is not the sandbox", "--allow-writes");
        assertThat(Rf.on(database)
                        .run("bench", "query", "--patients", "10")
                        .failed(2)
                        .err())
                .contains("--patients makes data in the sandbox");
        assertThat(Rf.on(database).run("bench", "--duration", "0s").failed(2).err())
                .contains("--duration must be more than 0");
    }

    @Test
    void openModelShowsWhatAStalledServerCosts() throws IOException {
        try (StallingProxy proxy = StallingProxy.before(database);
                ScheduledExecutorService later = Executors.newScheduledThreadPool(1)) {
            Ended closed = throughProxy(proxy, later);
            Ended open = throughProxy(proxy, later, "--rate", "20");
            double closedP95 = p95(closed);
            double openP95 = p95(open);
            assertThat(closedP95).isLessThan(500);
            assertThat(openP95).isGreaterThan(700);
        }
    }

    /** A second's stall a good two seconds in, of a run of four. */
    private Ended throughProxy(StallingProxy proxy, ScheduledExecutorService later, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "bench",
                "concurrency",
                "--query",
                "clients-1",
                "--runs",
                "1",
                "--warmup",
                "100ms",
                "--duration",
                "4s"));
        arguments.addAll(List.of("-o", "json"));
        arguments.addAll(List.of(more));
        ScheduledFuture<?> stalls = later.scheduleAtFixedRate(
                () -> proxy.stall(Duration.ofMillis(1200)), 2500, 4000, TimeUnit.MILLISECONDS);
        Ended ended = Rf.on(proxy.database()).run(arguments.toArray(String[]::new));
        stalls.cancel(false);
        return ended;
    }

    private static double p95(Ended bench) {
        return bench.json().at("/series/0/figures/p95/value").asDouble();
    }

    @Test
    void pageOpensWithoutAnyNetworkOrError() throws IOException, InterruptedException {
        bench("--html", file("bench.html"), "--fail-if", "hybrid.p99>100s").done();
        String page = Files.readString(folder.resolve("bench.html"));
        assertThat(page).doesNotContain("src=\"http", "href=\"http", "sourceMappingURL", "@report@", "@chart@");
        Path chromium = Path.of("/usr/bin/chromium");
        assumeThat(Files.isExecutable(chromium))
                .as("no Chromium is installed (Debian: apt-get install chromium)")
                .isTrue();
        Path log = folder.resolve("chromium.log");
        Process process = new ProcessBuilder(List.of(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--enable-logging=stderr",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--virtual-time-budget=2000",
                        "--dump-dom",
                        folder.resolve("bench.html").toUri().toString()))
                .redirectError(log.toFile())
                .redirectOutput(folder.resolve("dom.html").toFile())
                .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        String drawn = Files.readString(folder.resolve("dom.html"));
        assertThat(drawn)
                .contains("<h2>Questions</h2>", "<h2>Gates</h2>", "<figcaption>Latency: diabetes</figcaption>");
        assertThat(drawn.split("<canvas", -1)).hasSizeGreaterThan(2);
        assertThat(Files.readString(log)).doesNotContain("CONSOLE");
    }
}
