package org.researchflow.rf.bench;

import java.util.stream.LongStream;

/** How long each answer took, in nanoseconds, in no order. */
public final class Latencies {

    private final long[] nanoseconds;

    Latencies(LongStream nanoseconds) {
        this.nanoseconds = nanoseconds.toArray();
    }

    public int count() {
        return nanoseconds.length;
    }

    public LongStream stream() {
        return LongStream.of(nanoseconds);
    }
}
