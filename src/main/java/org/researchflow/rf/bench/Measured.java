package org.researchflow.rf.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * The runs of a series, and what they come to.
 *
 * <p>Intervals are bootstrapped over whole runs (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13):
 * what differs between runs of a machine is far more than what differs within one, and answers of one run are not
 * independent of each other.
 *
 * @param series whose
 * @param runs in their order
 * @param figures all that these runs give: without an answer no latency, and processor time only where it was had
 */
public record Measured(Series series, List<Sample> runs, Map<Metric, Estimate> figures) {

    private static final int RESAMPLES = 1000;
    private static final double OUTSIDE = 0.025;
    /** Always the same, so that the same samples give the same interval. */
    private static final long SEED = 20_240_229;

    private static final double NANOS_PER_MILLISECOND = 1e6;
    private static final List<Metric> TIMES =
            Stream.of(Metric.values()).filter(Metric::isTime).toList();
    private static final double[] PERCENTS =
            TIMES.stream().mapToDouble(Metric::percentile).toArray();

    public Measured {
        runs = List.copyOf(runs);
    }

    /** Works the figures out of the runs. */
    static Measured of(Series series, List<Sample> runs) {
        Buckets buckets = Buckets.of(runs.stream().map(Sample::latencies).toList());
        Map<Metric, List<Double>> resampled = new EnumMap<>(Metric.class);
        Random random = new Random(SEED);
        for (int time = 0; runs.size() > 1 && time < RESAMPLES; time++) {
            values(buckets, runs, random.ints(runs.size(), 0, runs.size()).toArray())
                    .forEach((metric, value) -> resampled
                            .computeIfAbsent(metric, _ -> new ArrayList<>())
                            .add(value));
        }
        Map<Metric, Estimate> figures = new EnumMap<>(Metric.class);
        values(buckets, runs, IntStream.range(0, runs.size()).toArray())
                .forEach((metric, value) -> figures.put(metric, estimate(value, resampled.get(metric))));
        return new Measured(series, runs, Collections.unmodifiableMap(figures));
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
        return Buckets.histogram(runs.stream().flatMapToLong(run -> run.latencies().stream()));
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

    private static Map<Metric, Double> values(Buckets buckets, List<Sample> runs, int... chosen) {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        long answers = buckets.count(chosen);
        if (answers > 0) {
            long[] percentiles = buckets.percentiles(PERCENTS, chosen);
            for (int i = 0; i < percentiles.length; i++) {
                values.put(TIMES.get(i), percentiles[i] / NANOS_PER_MILLISECOND);
            }
        }
        List<Sample> samples = IntStream.of(chosen).mapToObj(runs::get).toList();
        values.put(
                Metric.THROUGHPUT,
                answers / samples.stream().mapToDouble(Sample::seconds).sum());
        values.put(Metric.ERRORS, (double)
                samples.stream().mapToLong(Sample::errors).sum());
        cpu(samples).filter(_ -> answers > 0).ifPresent(cpu -> values.put(Metric.CPU, cpu * 1000 / answers));
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
