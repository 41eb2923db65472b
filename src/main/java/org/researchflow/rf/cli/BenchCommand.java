package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.bench.Baseline;
import org.researchflow.rf.bench.Bed;
import org.researchflow.rf.bench.Bench;
import org.researchflow.rf.bench.BenchEnvironment;
import org.researchflow.rf.bench.Gate;
import org.researchflow.rf.bench.Measured;
import org.researchflow.rf.bench.OtherWork;
import org.researchflow.rf.bench.Pace;
import org.researchflow.rf.bench.Report;
import org.researchflow.rf.bench.Scenario;
import org.researchflow.rf.bench.ScenarioName;
import org.researchflow.rf.fhir.Suggestion;
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
                    + " moment that a question was due. Those that a slow server leaves no time for are errors.")
    private @Nullable Double rate;

    @Mixin
    private BenchData data = new BenchData();

    @Option(names = "--baseline", paramLabel = "FILE", description = "Figures that --save kept, to compare with.")
    private @Nullable Path baseline;

    @Option(
            names = "--fail-if",
            paramLabel = "GATE",
            description =
                    "End with 4 if a figure crosses a bound: [query.]runner.metric (>|<) number (us|ms|s|%%), such as"
                            + " 'hybrid.p95>80ms'; with %% relative to the baseline, and only if the intervals of both lie apart, which"
                            + " takes --runs 3 or more."
                            + " Can be repeated.")
    private List<String> gates = new ArrayList<>();

    @Mixin
    private BenchFiles files = new BenchFiles();

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
        Pace pace = pace();
        requireComparable(parsed, before, pace);
        files.requireWritable();
        List<ScenarioName> chosen = chosen();
        Thread measuring = Thread.currentThread();
        AtomicBoolean told = new AtomicBoolean();
        // Once: what is cleared up afterwards may wait for something, too.
        Runnable interrupt = () -> {
            if (told.compareAndSet(false, true)) {
                measuring.interrupt();
            }
        };
        try (Cancellation.Registration _ = rf.cancellation().register(interrupt);
                BenchData.Beds beds = data.beds(rf, chosen, scenarios.contains(ALL))) {
            Map<String, String> environment = environment(rf, beds, pace);
            before.ifPresent(earlier -> earlier.differences(environment)
                    .forEach(difference -> rf.messages().warning("the baseline is of another place: " + difference)));
            OtherWork others = OtherWork.watch(beds.any());
            List<Measured> measured = measure(rf, chosen, beds, pace);
            others.share().ifPresent(share -> tell(rf, share, environment));
            Report report = report(environment, measured, parsed, before);
            new BenchTable(report).print(rf.output());
            files.write(report);
            return report.isBroken() ? ExitCode.CHECK : report.errors() > 0 ? ExitCode.PARTIAL : ExitCode.DONE;
        }
    }

    /** A busy machine is said, not judged: whether its figures are worth anything is for people to know. */
    private static void tell(Invocation rf, double share, Map<String, String> environment) {
        String percent = String.format(Locale.ROOT, "%.0f %% of the processors", share * 100);
        environment.put("other work", percent);
        if (share > OtherWork.MUCH) {
            rf.messages()
                    .warning(
                            "the machine did other work as well: " + percent,
                            "times are longer by that, and gates may break for it; on such a machine hold cpu to a bound");
        }
    }

    /** A figure of one run has no interval, and one of two hardly one: their difference would be chance. */
    private static void requireComparable(List<Gate> gates, Optional<Baseline> before, Pace pace) {
        if (gates.stream().noneMatch(Gate::isRelative)) {
            return;
        }
        if (before.isEmpty()) {
            throw Failure.usage("a gate in % needs --baseline FILE").note("try", "rf bench query --save before.json");
        }
        if (pace.runs() < Gate.RUNS) {
            throw Failure.usage("a gate in % needs at least --runs " + Gate.RUNS)
                    .note("why", "it goes by intervals, which fewer runs do not give");
        }
        if (before.get().runs() < Gate.RUNS) {
            throw Failure.usage("a gate in % needs a baseline of at least " + Gate.RUNS + " runs, and this is one of "
                            + before.get().runs())
                    .note("try", "rf bench query --runs 5 --save before.json");
        }
    }

    private static Map<String, String> environment(Invocation rf, BenchData.Beds beds, Pace pace) throws SQLException {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put(
                "when", rf.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString());
        environment.putAll(beds.description());
        environment.putAll(BenchEnvironment.of(beds.any(), Main.version(), pace));
        return environment;
    }

    private static Report report(
            Map<String, String> environment, List<Measured> measured, List<Gate> gates, Optional<Baseline> before) {
        requireApplied(gates, measured);
        return new Report(
                environment,
                measured,
                gates.stream()
                        .flatMap(gate -> gate.check(measured, before).stream())
                        .toList());
    }

    private Pace pace() {
        Duration whole = TimeText.parse("--duration", duration);
        if (runs < 1 || runs > 1000) {
            throw Failure.usage("--runs must be from 1 to 1000");
        }
        if (rate != null && !(rate > 0 && rate <= 1_000_000)) {
            throw Failure.usage("--rate must be more than 0, and at most 1000000");
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
                .orElseThrow(() -> unknown(text));
    }

    private static Failure unknown(String scenario) {
        Failure failure = Failure.usage("no scenario \"" + scenario + '"');
        return Suggestion.nearest(scenario, new Candidates())
                .map(near -> failure.note("did you mean", near))
                .orElseGet(() -> failure.note("known", String.join(", ", new Candidates())));
    }

    private List<Measured> measure(Invocation rf, List<ScenarioName> chosen, BenchData.Beds beds, Pace pace)
            throws SQLException, IOException, InterruptedException {
        List<Measured> measured = new ArrayList<>();
        Set<String> unknown = data.queries();
        Set<String> known = new LinkedHashSet<>();
        for (ScenarioName name : chosen) {
            boolean isLast = name == chosen.getLast();
            measured.addAll(measure(rf, name, beds, pace, scenario -> {
                known.addAll(scenario.queries());
                unknown.removeAll(known);
                if (isLast) {
                    requireKnown(unknown, known);
                }
            }));
        }
        requireKnown(unknown, known);
        if (measured.isEmpty()) {
            throw Failure.usage("nothing was measured")
                    .note("why", "this database's data do not make for these queries, or no scenario could run");
        }
        return measured;
    }

    private static void requireKnown(Set<String> unknown, Set<String> known) {
        if (!unknown.isEmpty()) {
            throw Failure.usage("no query \"" + unknown.iterator().next() + "\" in what is measured")
                    .note("known", String.join(", ", known));
        }
    }

    /** Of all scenarios, one that cannot run here is passed over with its reason; without a gate that may be about it. */
    private List<Measured> measure(
            Invocation rf, ScenarioName name, BenchData.Beds beds, Pace pace, Consumer<Scenario> opened)
            throws SQLException, IOException, InterruptedException {
        Optional<Bed> bed = beds.bed(name);
        if (bed.isEmpty()) {
            rf.messages().warning(name + " is left out: it writes, and this is not the sandbox (--allow-writes)");
            return List.of();
        }
        Progress.Item item = rf.progress().start("Measuring " + name);
        boolean ready = false;
        try (Scenario scenario = name.open(bed.get())) {
            ready = true;
            opened.accept(scenario);
            rf.progress()
                    .log(
                            "measure " + name,
                            "begun",
                            LogFields.none().with("atLeast", Bench.time(scenario, bed.get(), pace)));
            item.usually(Bench.time(scenario, bed.get(), pace));
            List<Measured> measured = Bench.measure(
                    scenario,
                    bed.get(),
                    pace,
                    (series, run) ->
                            item.at(series.query() + " " + series.runner() + ", run " + run + " of " + pace.runs()));
            item.done();
            return measured;
        } catch (Failure e) {
            item.failed(e.what());
            if (!ready && scenarios.contains(ALL) && e.kind() == Failure.Kind.USAGE && gates.isEmpty()) {
                rf.messages().warning(name + " is left out: " + e.what());
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
}
