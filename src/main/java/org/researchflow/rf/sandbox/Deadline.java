package org.researchflow.rf.sandbox;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The moment at which waiting for a server ends. */
record Deadline(long nanoTime) {

    private static final Duration PAUSE = Duration.ofMillis(20);

    static Deadline in(Duration time) {
        return new Deadline(System.nanoTime() + time.toNanos());
    }

    /** Asks again and again; false when the answer was still no at the end. */
    boolean reached(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (!pause()) {
                return false;
            }
        }
        return true;
    }

    /** Waits a little before the next attempt; false when there is no time for one. */
    boolean pause() {
        return pause(PAUSE);
    }

    boolean pause(Duration time) {
        if (System.nanoTime() - nanoTime > 0) {
            return false;
        }
        LockSupport.parkNanos(time.toNanos());
        return true;
    }
}
