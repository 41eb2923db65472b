package org.researchflow.rf.batch;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/** The waits between attempts: longer each time, never in step with another run's, and bounded altogether. */
final class Backoff {

    private static final long FIRST_NANOS = Duration.ofMillis(50).toNanos();
    private static final long LONGEST_NANOS = Duration.ofSeconds(2).toNanos();

    private final long end;
    private long wait = FIRST_NANOS;

    Backoff(Duration patience) {
        end = System.nanoTime() + patience.toNanos();
    }

    /** Waits, or says at once that there is no time left for another attempt. */
    boolean pause() {
        long left = end - System.nanoTime();
        if (left <= 0 || Thread.currentThread().isInterrupted()) {
            return false;
        }
        LockSupport.parkNanos(Math.min(left, ThreadLocalRandom.current().nextLong(wait / 2, wait)));
        wait = Math.min(2 * wait, LONGEST_NANOS);
        return true;
    }
}
