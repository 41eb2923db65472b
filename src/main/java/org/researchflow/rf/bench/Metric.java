package org.researchflow.rf.bench;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A figure of a series. Times are in milliseconds. */
public enum Metric {
    P50(50),
    P90(90),
    P95(95),
    P99(99),
    MAX(100),
    /** Answers in a second. */
    THROUGHPUT(Double.NaN),
    /** How many failed. */
    ERRORS(Double.NaN),
    /** Milliseconds of processor that the database server took for each. */
    CPU(Double.NaN);

    private final double percentile;

    Metric(double percentile) {
        this.percentile = percentile;
    }

    /** Whether it is a latency: less is better, and its unit is one of time. */
    public boolean isTime() {
        return !Double.isNaN(percentile);
    }

    double percentile() {
        return percentile;
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Metric> named(String text) {
        return Stream.of(values())
                .filter(metric -> metric.toString().equals(text.toLowerCase(Locale.ROOT)))
                .findFirst();
    }
}
