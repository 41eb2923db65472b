package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens on Ctrl-C and SIGTERM: the work is cancelled and given a moment to say what it leaves behind. The JVM
 * then ends with 130 or 143 by itself.
 */
final class Signals {

    /** Long enough for a cancelled statement to return and its message to be printed. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** What runs may have been between two statements when it was told to stop: it is told again. */
    private static final Duration REPEAT = Duration.ofMillis(100);

    private final Cancellation cancellation;
    private final CountDownLatch finished = new CountDownLatch(1);

    private Signals(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    static Signals handledBy(Cancellation cancellation) {
        Signals signals = new Signals(cancellation);
        Runtime.getRuntime().addShutdownHook(new Thread(signals::shutDown, "rf-signal"));
        return signals;
    }

    /** The command has ended and printed what it had to: an exit from here on cancels nothing. */
    void finished() {
        finished.countDown();
    }

    private void shutDown() {
        if (finished.getCount() == 0) {
            return;
        }
        try {
            // Finished or not, the JVM ends when this returns.
            for (long waited = 0; waited < PATIENCE.toMillis(); waited += REPEAT.toMillis()) {
                cancellation.cancel();
                if (finished.await(REPEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
