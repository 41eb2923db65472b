package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** The waits between attempts to reach what is away: longer each time, and never in step with others' attempts. */
final class GrowingPause {

    private static final long FIRST_MILLIS = 1_000;
    private static final long LONGEST_MILLIS = 60_000;

    private long millis = FIRST_MILLIS;

    Duration next() {
        long wait = ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
        millis = Math.min(2 * millis, LONGEST_MILLIS);
        return Duration.ofMillis(wait);
    }

    void reset() {
        millis = FIRST_MILLIS;
    }
}
