package org.researchflow.rf;

import java.util.stream.LongStream;

/**
 * How long the laws are looked at: a few fixed seeds, the same for each change. The system property {@code
 * rf.soak.histories} asks for more, {@code rf.soak.seed} for others.
 */
public final class Soak {

    private Soak() {}

    /** The seeds of a law that is looked at so many times if nobody asks for more. */
    public static LongStream seeds(int few) {
        long first = Long.getLong("rf.soak.seed", 1);
        return LongStream.range(first, first + Long.getLong("rf.soak.histories", few));
    }
}
