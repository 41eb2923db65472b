package org.researchflow.rf.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * What a bench found.
 *
 * @param environment on what: versions, settings, sizes
 * @param measured the series in the order in which they are shown
 * @param verdicts of the gates
 */
public record Report(Map<String, String> environment, List<Measured> measured, List<Gate.Verdict> verdicts) {

    /** Of the JSON document, which {@link Baseline} reads. */
    public static final String SCHEMA = "rf.bench/v1";

    private static final double[] CURVE = {0, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.99, 100};
    private static final String LEVELS = "▁▂▃▄▅▆▇█";
    private static final int BINS = 16;

    public Report {
        measured = List.copyOf(measured);
        verdicts = List.copyOf(verdicts);
    }

    public boolean isBroken() {
        return verdicts.stream().anyMatch(Gate.Verdict::broken);
    }

    public long errors() {
        return measured.stream().mapToLong(Measured::errors).sum();
    }

    /** What the runner adds to the bare statement in the median, in milliseconds. */
    public Optional<Double> overFloor(Measured one) {
        Series floor = new Series(one.series().scenario(), one.series().query(), Series.FLOOR);
        return measured.stream()
                .filter(other -> other.series().equals(floor) && !one.series().equals(floor))
                .findFirst()
                .flatMap(other -> median(one).flatMap(mine -> median(other).map(bare -> mine - bare)));
    }

    private static Optional<Double> median(Measured one) {
        return Optional.ofNullable(one.figures().get(Metric.P50)).map(Estimate::value);
    }

    /** As a JSON object, without its schema. */
    public Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("environment", environment);
        document.put("series", measured.stream().map(this::row).toList());
        document.put(
                "gates",
                verdicts.stream()
                        .map(verdict -> {
                            Map<String, Object> row = row(verdict.series());
                            row.put("gate", verdict.gate().text());
                            row.put("broken", verdict.broken());
                            row.put("why", verdict.why());
                            return row;
                        })
                        .toList());
        return document;
    }

    private static Map<String, Object> row(Series series) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("scenario", series.scenario());
        row.put("query", series.query());
        row.put("runner", series.runner());
        return row;
    }

    private Map<String, Object> row(Measured one) {
        Map<String, Object> row = row(one.series());
        row.put("asked", one.asked());
        row.put("errors", one.errors());
        row.put("runs", one.runs().size());
        overFloor(one).ifPresent(over -> row.put("over_floor_ms", over));
        Map<String, Object> figures = new LinkedHashMap<>();
        one.figures().forEach((metric, estimate) -> figures.put(metric.toString(), bounds(estimate)));
        row.put("figures", figures);
        Histogram histogram = one.histogram();
        List<List<Double>> curve = new ArrayList<>();
        for (double percentile : CURVE) {
            curve.add(List.of(percentile, histogram.getValueAtPercentile(percentile) / 1e6));
        }
        row.put("curve", histogram.getTotalCount() == 0 ? List.of() : curve);
        return row;
    }

    private static Map<String, Double> bounds(Estimate estimate) {
        Map<String, Double> bounds = new LinkedHashMap<>();
        bounds.put("value", estimate.value());
        bounds.put("low", estimate.low());
        bounds.put("high", estimate.high());
        return bounds;
    }

    /** How a series' latencies are spread between its least and its 99th percentile, each bin wider than the one before. */
    public static String bars(Measured one) {
        Histogram histogram = one.histogram();
        double low = Math.max(1.0, (double) histogram.getMinValue());
        double high = Math.max(low * 1.001, (double) histogram.getValueAtPercentile(99));
        long[] counts = new long[BINS];
        histogram.recordedValues().forEach(value -> {
            double place = Math.log((double) value.getValueIteratedTo() / low) / Math.log(high / low);
            if (place < 1.001) {
                counts[Math.clamp((long) (place * BINS), 0, BINS - 1)] += value.getCountAtValueIteratedTo();
            }
        });
        long most = Math.max(1, LongStream.of(counts).max().orElse(1));
        StringBuilder bars = new StringBuilder();
        for (long count : counts) {
            bars.append(count == 0 ? ' ' : LEVELS.charAt((int) ((LEVELS.length() - 1) * count / most)));
        }
        return bars.toString().stripTrailing();
    }
}
