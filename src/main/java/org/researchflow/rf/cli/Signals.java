package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens on Ctrl-C and SIGTERM: the work is cancelled and given a moment to say what it leaves behind. The JVM
 * then ends with 130 or 143 by itself. A service may finish what it has under way first, and says itself how it ended.
 */
final class Signals {

    /** Long enough for a cancelled statement to return and its message to be printed. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** For a service to finish what it has under way: who stops containers waits ten seconds as a rule. */
    private static final Duration GRACE = Duration.ofSeconds(4);

    /** What runs may have been between two statements when it was told to stop: it is told again. */
    private static final Duration REPEAT = Duration.ofMillis(100);

    private final Cancellation cancellation;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile int exitCode;

    private Signals(Cancellation cancellation) {
        this.cancellation = cancellation;
    }

    static Signals handledBy(Cancellation cancellation) {
        Signals signals = new Signals(cancellation);
        Runtime.getRuntime().addShutdownHook(new Thread(signals::shutDown, "rf-signal"));
        return signals;
    }

    /** The command has ended and printed what it had to: an exit from here on cancels nothing. */
    void finished(int code) {
        exitCode = code;
        finished.countDown();
    }

    private void shutDown() {
        if (finished.getCount() == 0) {
            return;
        }
        try {
            if (cancellation.isService()) {
                stopService();
                return;
            }
            cancelUntilFinished();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopService() throws InterruptedException {
        cancellation.askToStop();
        if (finished.await(GRACE.toMillis(), TimeUnit.MILLISECONDS) || cancelUntilFinished()) {
            // Otherwise the JVM would end with the signal's code.
            Runtime.getRuntime().halt(exitCode);
        }
    }

    private boolean cancelUntilFinished() throws InterruptedException {
        // Finished or not, the JVM ends when this returns.
        for (long waited = 0; waited < PATIENCE.toMillis(); waited += REPEAT.toMillis()) {
            cancellation.cancel();
            if (finished.await(REPEAT.toMillis(), TimeUnit.MILLISECONDS)) {
                return true;
            }
        }
        return false;
    }
}
