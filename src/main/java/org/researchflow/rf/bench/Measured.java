package org.researchflow.rf.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a series.
 *
 * <p>Intervals are bootstrapped over whole runs (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13):
 * what differs between runs of a machine is far more than what differs within one, and answers of one run are not
 * independent of each other.
 *
 * @param series whose
 * @param runs in their order
 */
public record Measured(Series series, List<Sample> runs) {

    private static final int RESAMPLES = 1000;
    private static final double OUTSIDE = 0.025;
    /** Always the same, so that the same samples give the same interval. */
    private static final long SEED = 20_240_229;

    private static final long HIGHEST = 3_600_000_000_000L;
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MILLISECOND = 1e6;

    public Measured {
        runs = List.copyOf(runs);
    }

    /** Answers and errors. */
    public long asked() {
        return runs.stream()
                .mapToLong(run -> run.latencies().count() + run.errors())
                .sum();
    }

    public long errors() {
        return runs.stream().mapToLong(Sample::errors).sum();
    }

    /** All latencies in nanoseconds, to three digits. */
    public Histogram histogram() {
        return histogram(runs);
    }

    private static Histogram histogram(List<Sample> runs) {
        Histogram all = empty();
        runs.forEach(run -> run.latencies().stream().forEach(latency -> all.recordValue(Math.min(latency, HIGHEST))));
        return all;
    }

    private static Histogram empty() {
        return new Histogram(1, HIGHEST, DIGITS);
    }

    /** All figures that these runs give: without an answer no latency, and processor time only where it was had. */
    public Map<Metric, Estimate> figures() {
        Map<Metric, Estimate> figures = new EnumMap<>(Metric.class);
        Map<Metric, Double> values = values(histogram(), runs);
        Map<Metric, List<Double>> resampled = new EnumMap<>(Metric.class);
        List<Histogram> histograms =
                runs.stream().map(run -> histogram(List.of(run))).toList();
        Random random = new Random(SEED);
        for (int time = 0; runs.size() > 1 && time < RESAMPLES; time++) {
            int[] chosen = random.ints(runs.size(), 0, runs.size()).sorted().toArray();
            resampled(histograms, chosen)
                    .forEach((metric, value) -> resampled
                            .computeIfAbsent(metric, _ -> new ArrayList<>())
                            .add(value));
        }
        values.forEach((metric, value) -> figures.put(metric, estimate(value, resampled.get(metric))));
        return figures;
    }

    private Map<Metric, Double> resampled(List<Histogram> histograms, int[] chosen) {
        Histogram all = empty();
        IntStream.of(chosen).forEach(run -> all.add(histograms.get(run)));
        return values(all, IntStream.of(chosen).mapToObj(runs::get).toList());
    }

    private static Estimate estimate(double value, @Nullable List<Double> others) {
        if (others == null) {
            return new Estimate(value, value, value);
        }
        Collections.sort(others);
        int outside = (int) (others.size() * OUTSIDE);
        return new Estimate(
                value, Math.min(value, others.get(outside)), Math.max(value, others.get(others.size() - 1 - outside)));
    }

    private static Map<Metric, Double> values(Histogram histogram, List<Sample> runs) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        long answers = histogram.getTotalCount();
        for (Metric metric : Metric.values()) {
            if (metric.isTime() && answers > 0) {
                values.put(metric, histogram.getValueAtPercentile(metric.percentile()) / NANOS_PER_MILLISECOND);
            }
        }
        values.put(
                Metric.THROUGHPUT,
                answers / runs.stream().mapToDouble(Sample::seconds).sum());
        values.put(
                Metric.ERRORS, (double) runs.stream().mapToLong(Sample::errors).sum());
        cpu(runs).filter(_ -> answers > 0).ifPresent(cpu -> values.put(Metric.CPU, cpu * 1000 / answers));
        return values;
    }

    private static Optional<Double> cpu(List<Sample> runs) {
        return runs.stream().allMatch(run -> run.cpu().isPresent())
                ? Optional.of(runs.stream()
                        .mapToDouble(run -> run.cpu().getAsDouble())
                        .sum())
                : Optional.empty();
    }
}
