package org.researchflow.rf.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;

/**
 * A bound that figures must keep: {@code [query.]runner.metric (>|<) number (us|ms|s|%)}. It is broken by what it says,
 * as in {@code hybrid.p95>80ms}; in {@code hybrid.p95>+20%} relative to a baseline.
 *
 * @param text as it was typed
 * @param query to which it applies; without one it holds for each
 * @param runner to whom
 * @param metric of which
 * @param above whether more than the limit breaks it, rather than less
 * @param limit which is not to be crossed
 */
public record Gate(String text, Optional<String> query, String runner, Metric metric, boolean above, Limit limit) {

    private static final Pattern GRAMMAR =
            Pattern.compile("\\s*(?:(?<query>\\S+)\\.)?(?<runner>[^.\\s]+)\\.(?<metric>\\w+)\\s*(?<operator>[<>])"
                    + "\\s*(?<number>[+-]?[0-9]+(?:\\.[0-9]+)?)\\s*(?<unit>us|ms|s|%|)\\s*");

    /** The least number of runs whose intervals a gate in per cent goes by. */
    public static final int RUNS = 3;

    /** What a figure is held against. */
    public sealed interface Limit {

        /**
         * A value.
         *
         * @param value in the metric's own unit
         */
        record Absolute(double value) implements Limit {}

        /**
         * A change from the baseline.
         *
         * @param change 0.2 is a fifth more
         */
        record Relative(double change) implements Limit {}
    }

    /**
     * What a gate says of one series.
     *
     * @param gate which
     * @param series of which
     * @param broken whether its bound is crossed
     * @param why in words
     */
    public record Verdict(Gate gate, Series series, boolean broken, String why) {}

    /**
     * Reads a gate.
     *
     * @throws Failure if it is none
     */
    public static Gate parse(String text) {
        Matcher match = GRAMMAR.matcher(text);
        if (!match.matches()) {
            throw Failure.usage("not a gate: \"" + text + '"')
                    .note("expected", "[query.]runner.metric (>|<) number (us|ms|s|%)")
                    .note("try", "--fail-if 'hybrid.p95>80ms'   or   --fail-if 'diabetes.hybrid.p95>+20%'");
        }
        Metric metric = Metric.named(match.group("metric")).orElseThrow(() -> unknownMetric(match.group("metric")));
        return new Gate(
                text,
                Optional.ofNullable(match.group("query")),
                match.group("runner"),
                metric,
                match.group("operator").equals(">"),
                limit(text, metric, Double.parseDouble(match.group("number")), match.group("unit")));
    }

    private static Failure unknownMetric(String metric) {
        return Failure.usage("no metric \"" + metric + '"')
                .note(
                        "known",
                        String.join(
                                ", ",
                                Stream.of(Metric.values()).map(String::valueOf).toList()));
    }

    private static Limit limit(String text, Metric metric, double number, String unit) {
        if (unit.equals("%")) {
            return new Limit.Relative(number / 100);
        }
        boolean timed = metric.isTime() || metric == Metric.CPU;
        if (timed == unit.isEmpty()) {
            throw Failure.usage(
                            timed
                                    ? "a time without a unit: \"" + text + '"'
                                    : "a unit of time for " + metric + ": \"" + text + '"')
                    .note(
                            "try",
                            timed ? "us, ms or s, or % against a baseline" : metric + ">0, or % against a baseline");
        }
        return new Limit.Absolute(
                switch (unit) {
                    case "us" -> number / 1000;
                    case "s" -> number * 1000;
                    default -> number;
                });
    }

    public boolean isRelative() {
        return limit instanceof Limit.Relative;
    }

    public boolean appliesTo(Series series) {
        return series.runner().equals(runner)
                && query.map(series.query()::equals).orElse(true);
    }

    /** What it says of each series that it applies to. */
    public List<Verdict> check(List<Measured> measured, Optional<Baseline> baseline) {
        List<Verdict> verdicts = new ArrayList<>();
        for (Measured one : measured) {
            if (appliesTo(one.series())) {
                Optional<Estimate> figure = Optional.ofNullable(one.figures().get(metric));
                verdicts.add(figure.map(estimate -> check(one.series(), estimate, baseline))
                        .orElseGet(() -> new Verdict(this, one.series(), true, "there is no figure")));
            }
        }
        return verdicts;
    }

    private Verdict check(Series series, Estimate figure, Optional<Baseline> baseline) {
        return switch (limit) {
            case Limit.Absolute(double value) ->
                new Verdict(this, series, crosses(figure.value(), value), shown(figure.value()));
            case Limit.Relative(double change) ->
                baseline.flatMap(before -> before.figure(series, metric))
                        .map(before -> new Verdict(
                                this,
                                series,
                                crosses(figure.value(), before.value() * (1 + change)) && figure.excludes(before),
                                shown(figure.value()) + ", the baseline " + shown(before.value())
                                        + (figure.excludes(before) ? "" : ", and the intervals overlap")))
                        .orElseGet(() -> new Verdict(
                                this, series, true, "the baseline has no figure for it; --save another one"));
        };
    }

    private boolean crosses(double value, double bound) {
        return above ? value > bound : value < bound;
    }

    private String shown(double value) {
        return String.format(Locale.ROOT, "%.3f", value) + (metric.isTime() || metric == Metric.CPU ? " ms" : "");
    }
}
