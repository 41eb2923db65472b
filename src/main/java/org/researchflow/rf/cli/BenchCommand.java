package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.bench.Baseline;
import org.researchflow.rf.bench.Bed;
import org.researchflow.rf.bench.Bench;
import org.researchflow.rf.bench.BenchEnvironment;
import org.researchflow.rf.bench.Gate;
import org.researchflow.rf.bench.HtmlReport;
import org.researchflow.rf.bench.JunitReport;
import org.researchflow.rf.bench.Measured;
import org.researchflow.rf.bench.Pace;
import org.researchflow.rf.bench.Report;
import org.researchflow.rf.bench.ResultTable;
import org.researchflow.rf.bench.Scenario;
import org.researchflow.rf.bench.ScenarioName;
import org.researchflow.rf.bench.Series;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf bench}. */
@Command(
        description = {
            "Measures what rf costs and gains, on your own data or in the sandbox.",
            "Scenarios: query (every runner and the bare statement), concurrency (1 to 100 clients), speed (Redis, and"
                    + " merging changes out of it), refresh (full and incremental), freshness (from a commit to the answer),"
                    + " startup (whole processes), rest (beside a FHIR server), or all.",
            "Answers are compared first: where they differ, nothing is measured. Each series runs several times in turns"
                    + " with the others, after a warm-up that is thrown away; intervals are bootstrapped over the runs."
                    + " speed, refresh and freshness write resources: on any database but the sandbox's only with"
                    + " --allow-writes."
        },
        footer = {
            "rf bench query",
            "rf bench query --save before.json",
            "rf bench query --baseline before.json --fail-if 'hybrid.p95>+20%'",
            "rf bench query --rate 50 --duration 20s",
            "rf bench all --sandbox --patients 1000 --html bench.html"
        })
final class BenchCommand implements Action {

    private static final String ALL = "all";

    @Parameters(
            arity = "0..*",
            paramLabel = "SCENARIO",
            completionCandidates = Candidates.class,
            description = "What to measure: query, concurrency, speed, refresh, freshness, startup, rest or all"
                    + " (default: query).")
    private List<String> scenarios = new ArrayList<>();

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description = "How long each series is measured, all its runs together (default: 10s).")
    private String duration = "10s";

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            description = "How long each run works before it is measured (default: 1s).")
    private String warmUp = "1s";

    @Option(names = "--runs", paramLabel = "N", description = "In how many runs each series is measured (default: 5).")
    private int runs = 5;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "So many questions a second, whatever becomes of those before; a latency then counts from the"
                    + " moment that a question was due.")
    private @Nullable Double rate;

    @Mixin
    private BenchData data = new BenchData();

    @Option(names = "--save", paramLabel = "FILE", description = "Keep the figures, as a baseline for later ones.")
    private @Nullable Path save;

    @Option(names = "--baseline", paramLabel = "FILE", description = "Figures that --save kept, to compare with.")
    private @Nullable Path baseline;

    @Option(
            names = "--fail-if",
            paramLabel = "GATE",
            description =
                    "End with 4 if a figure crosses a bound: [query.]runner.metric (>|<) number (us|ms|s|%%), such as"
                            + " 'hybrid.p95>80ms'; with %% relative to the baseline, and only if the intervals of both lie apart."
                            + " Can be repeated.")
    private List<String> gates = new ArrayList<>();

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with charts that needs no network.")
    private @Nullable Path html;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the figures and gates as JUnit XML.")
    private @Nullable Path junit;

    @Option(
            names = "--samples",
            paramLabel = "FILE",
            description = "Write every latency measured as CSV: scenario, query, runner, run, microseconds.")
    private @Nullable Path samples;

    /** What can stand for a scenario. */
    static final class Candidates extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Candidates() {
            super(Stream.concat(Stream.of(ScenarioName.values()).map(String::valueOf), Stream.of(ALL))
                    .toList());
        }
    }

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException, InterruptedException {
        List<Gate> parsed = gates.stream().map(Gate::parse).toList();
        Optional<Baseline> before = Optional.ofNullable(baseline).map(Baseline::read);
        if (before.isEmpty() && parsed.stream().anyMatch(Gate::isRelative)) {
            throw Failure.usage("a gate in % needs --baseline FILE").note("try", "rf bench query --save before.json");
        }
        Pace pace = pace();
        List<ScenarioName> chosen = chosen();
        try (BenchData.Beds beds = data.beds(rf, chosen, chosen.size() > 1)) {
            Map<String, String> environment = new LinkedHashMap<>();
            environment.put(
                    "when", rf.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
            environment.putAll(beds.description());
            environment.putAll(BenchEnvironment.of(beds.any(), Main.version(), pace));
            before.ifPresent(earlier -> earlier.differences(environment).stream()
                    .filter(difference -> !difference.startsWith("when "))
                    .forEach(difference -> rf.messages().warning("the baseline is of another place: " + difference)));
            List<Measured> measured = new ArrayList<>();
            for (ScenarioName name : chosen) {
                measured.addAll(measure(rf, name, beds, parsed, pace));
            }
            if (measured.isEmpty()) {
                throw Failure.usage("nothing was measured").note("try", "rf bench query     (which lists its queries)");
            }
            requireApplied(parsed, measured);
            List<Gate.Verdict> verdicts = parsed.stream()
                    .flatMap(gate -> gate.check(measured, before).stream())
                    .toList();
            Report report = new Report(environment, measured, verdicts);
            write(report);
            print(rf, report);
            return report.isBroken() ? ExitCode.CHECK : report.errors() > 0 ? ExitCode.PARTIAL : ExitCode.DONE;
        }
    }

    private Pace pace() {
        Duration whole = TimeText.parse("--duration", duration);
        if (runs < 1 || runs > 1000) {
            throw Failure.usage("--runs must be from 1 to 1000");
        }
        if (rate != null && !(rate > 0 && rate <= 1_000_000)) {
            throw Failure.usage("--rate must be more than 0");
        }
        if (whole.isNegative() || whole.isZero()) {
            throw Failure.usage("--duration must be more than 0");
        }
        return new Pace(
                whole.dividedBy(runs),
                TimeText.parse("--warmup", warmUp),
                runs,
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate));
    }

    private List<ScenarioName> chosen() {
        if (scenarios.isEmpty()) {
            return List.of(ScenarioName.QUERY);
        }
        if (scenarios.contains(ALL)) {
            return List.of(ScenarioName.values());
        }
        return scenarios.stream().distinct().map(BenchCommand::scenario).toList();
    }

    private static ScenarioName scenario(String text) {
        return Stream.of(ScenarioName.values())
                .filter(name -> name.toString().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> Failure.usage("no scenario \"" + text + '"')
                        .note("known", String.join(", ", new Candidates())));
    }

    /** With several scenarios, one that cannot run here is passed over with its reason. */
    private List<Measured> measure(Invocation rf, ScenarioName name, BenchData.Beds beds, List<Gate> parsed, Pace pace)
            throws SQLException, IOException, InterruptedException {
        boolean all = scenarios.contains(ALL);
        Optional<Bed> bed = beds.bed(name);
        if (bed.isEmpty()) {
            rf.messages().warning(name + " is left out: it writes, and this is not the sandbox (--allow-writes)");
            return List.of();
        }
        Progress.Item item = rf.progress().start("Measuring " + name);
        try (Scenario scenario = name.open(bed.get())) {
            List<Measured> measured = Bench.measure(
                    scenario,
                    bed.get(),
                    pace,
                    (series, run) ->
                            item.at(series.query() + " " + series.runner() + ", run " + run + " of " + pace.runs()));
            item.done();
            return measured;
        } catch (Failure e) {
            item.failed(String.valueOf(e.getMessage()));
            if (all && e.kind() == Failure.Kind.USAGE && parsed.isEmpty()) {
                rf.messages().warning(name + " is left out: " + e.getMessage());
                return List.of();
            }
            throw e;
        }
    }

    private static void requireApplied(List<Gate> parsed, List<Measured> measured) {
        for (Gate gate : parsed) {
            if (measured.stream().noneMatch(one -> gate.appliesTo(one.series()))) {
                throw Failure.usage("the gate \"" + gate.text() + "\" is about nothing that was measured")
                        .note(
                                "measured",
                                String.join(
                                        ", ",
                                        measured.stream()
                                                .map(one -> one.series().query() + "."
                                                        + one.series().runner())
                                                .toList()));
            }
        }
    }

    private void write(Report report) throws IOException {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("schema", Report.SCHEMA);
        document.putAll(report.document());
        String json = JsonText.of(document);
        writeTo(save, json + "\n");
        writeTo(html, html == null ? "" : HtmlReport.of(json));
        writeTo(junit, junit == null ? "" : JunitReport.of(report));
        if (samples != null) {
            writeTo(samples, samples(report));
        }
    }

    private static String samples(Report report) {
        StringBuilder text = new StringBuilder("scenario,query,runner,run,us\n");
        for (Measured one : report.measured()) {
            Series series = one.series();
            for (int run = 0; run < one.runs().size(); run++) {
                String line = String.join(
                        ",", series.scenario(), series.query(), series.runner(), String.valueOf(run + 1), "");
                one.runs().get(run).latencies().stream()
                        .forEach(latency ->
                                text.append(line).append(latency / 1000.0).append('\n'));
            }
        }
        return text.toString();
    }

    private static void writeTo(@Nullable Path file, String text) throws IOException {
        if (file != null) {
            Files.writeString(file, text, StandardCharsets.UTF_8);
        }
    }

    private static void print(Invocation rf, Report report) throws IOException, SQLException {
        switch (rf.output().format()) {
            case JSON -> rf.output().document(Report.SCHEMA, report.document(), "");
            case CSV -> rf.output().text(ResultTable.of(report).csv());
            case TABLE, NDJSON, MARKDOWN -> printRows(rf, report);
        }
    }

    private static void printRows(Invocation rf, Report report) throws IOException, SQLException {
        boolean people = rf.output().format() == OutputFormat.TABLE;
        ResultTable table = ResultTable.of(report);
        List<Field> fields = new ArrayList<>();
        for (String name : ResultTable.SHOWN) {
            fields.add(
                    List.of("scenario", "query", "runner").contains(name)
                            ? Field.text(name, name)
                            : Field.number(heading(name), name));
        }
        if (people) {
            fields.add(Field.text("spread", "spread"));
        }
        rf.output().rows(new Answer(Report.SCHEMA, "series", fields), sink -> {
            List<Measured> measured = report.measured();
            int place = 0;
            for (String scenario : report.scenarios().toList()) {
                for (List<String> row : table.rows(scenario)) {
                    List<@Nullable Object> values = new ArrayList<>();
                    row.forEach(text -> values.add(text.isEmpty() ? null : text));
                    if (people) {
                        values.add(Report.bars(measured.get(place)));
                    }
                    place++;
                    sink.rowOf(values);
                }
            }
            sink.footer(footer(report));
        });
    }

    private static String heading(String name) {
        return switch (name) {
            case "p50_low" -> "from";
            case "p50_high" -> "to";
            case "over_floor" -> "+floor";
            case "throughput" -> "1/s";
            default -> name;
        };
    }

    private static String footer(Report report) {
        StringBuilder text = new StringBuilder(
                "times in ms; from and to: 95 % interval of p50; +floor: p50 beyond the bare" + " statement's");
        for (Gate.Verdict verdict : report.verdicts()) {
            text.append('\n')
                    .append(verdict.broken() ? "broken  " : "kept    ")
                    .append(verdict.gate().text())
                    .append("  ")
                    .append(verdict.series())
                    .append(": ")
                    .append(verdict.why());
        }
        return text.toString();
    }
}
