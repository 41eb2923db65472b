package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** What ends the wait for the next round early. However often it rings during a round or a wait, it ends one wait. */
final class Alarm {

    /** So often at most, however often it rings. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    private final AtomicReference<CompletableFuture<Boolean>> next = new AtomicReference<>(new CompletableFuture<>());

    /** From any thread. */
    void ring() {
        next.get().complete(true);
    }

    /**
     * Waits until it rings or rang, the service is asked to stop, or the time is over.
     *
     * @param shortest so long in any case, unless the service is asked to stop
     */
    void await(Duration shortest, Duration longest, Cancellation cancellation) throws InterruptedException {
        Duration first = shortest.compareTo(SHORTEST) < 0 ? SHORTEST : shortest;
        if (longest.compareTo(first) > 0) {
            cancellation.awaitStop(first);
            cancellation.awaitStop(longest.minus(first), next.get());
        } else {
            cancellation.awaitStop(longest);
        }
        // What rings from here on is not seen by the round before, but by the next one.
        next.set(new CompletableFuture<>());
    }
}
