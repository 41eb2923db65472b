package org.researchflow.rf.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.HdrHistogram.Histogram;

/**
 * Latencies of several runs, counted in the buckets of one histogram: percentiles of any choice of the runs cost no more
 * than a look at the buckets in which something is.
 */
final class Buckets {

    private static final long HIGHEST = 3_600_000_000_000L;
    private static final int DIGITS = 3;

    private final long[] highest;
    private final long[][] counts;

    private Buckets(long[] highest, long[][] counts) {
        this.highest = highest;
        this.counts = counts;
    }

    /** Of runs, in their order. */
    static Buckets of(List<Latencies> runs) {
        TreeMap<Long, long[]> filled = new TreeMap<>();
        for (int run = 0; run < runs.size(); run++) {
            int place = run;
            histogram(runs.get(run).stream())
                    .recordedValues()
                    .forEach(bucket ->
                            filled.computeIfAbsent(bucket.getValueIteratedTo(), _ -> new long[runs.size()])[place] =
                                    bucket.getCountAtValueIteratedTo());
        }
        List<long[]> counts = new ArrayList<>(filled.values());
        return new Buckets(
                filled.keySet().stream().mapToLong(Long::longValue).toArray(), counts.toArray(long[][]::new));
    }

    /** Latencies in nanoseconds, to three digits. */
    static Histogram histogram(LongStream latencies) {
        Histogram all = new Histogram(1, HIGHEST, DIGITS);
        latencies.forEach(latency -> all.recordValue(Math.min(latency, HIGHEST)));
        return all;
    }

    /** How many answers these runs had; a run that is named twice counts twice. */
    long count(int... runs) {
        long count = 0;
        for (long[] bucket : counts) {
            for (int run : runs) {
                count += bucket[run];
            }
        }
        return count;
    }

    /** The latencies in nanoseconds that so many percent of the answers of these runs did not exceed. */
    long[] percentiles(double[] percents, int... runs) {
        long count = count(runs);
        long[] found = new long[percents.length];
        long seen = 0;
        int next = 0;
        for (int bucket = 0; bucket < highest.length && next < percents.length; bucket++) {
            for (int run : runs) {
                seen += counts[bucket][run];
            }
            while (next < percents.length && seen >= Math.max(1, (long) Math.ceil(percents[next] / 100 * count))) {
                found[next++] = highest[bucket];
            }
        }
        return found;
    }
}
