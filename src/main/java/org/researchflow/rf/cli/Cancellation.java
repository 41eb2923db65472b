package org.researchflow.rf.cli;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postgresql.PGConnection;
import org.researchflow.rf.Failure;

/**
 * What Ctrl-C and SIGTERM stop: whatever is registered while it runs, and then asked to end. Safe for use by many
 * threads.
 */
public final class Cancellation {

    /** Something under way that is no longer under way once closed. */
    public interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    private final Set<Runnable> running = ConcurrentHashMap.newKeySet();
    private final Map<Connection, Runnable> connections = new ConcurrentHashMap<>();
    private final CompletableFuture<Boolean> stop = new CompletableFuture<>();
    private volatile boolean service;
    private volatile boolean cancelled;

    /** Cancels the statement on the server if rf is interrupted before the registration is closed. */
    public Registration register(Statement statement) {
        return register(() -> {
            try {
                statement.cancel();
            } catch (SQLException _) {
                // The connection is gone, and the statement with it: nothing is left to cancel.
            }
        });
    }

    /**
     * Cancels whatever the connection is at when rf is interrupted, until it is closed.
     *
     * @throws Failure if rf has been interrupted: nothing more is begun
     */
    public void register(Connection connection) {
        if (cancelled) {
            throw Failure.failed("interrupted; what was begun is rolled back");
        }
        // A service opens connections for as long as it runs.
        connections.keySet().removeIf(Cancellation::isClosed);
        connections.put(connection, () -> {
            try {
                connection.unwrap(PGConnection.class).cancelQuery();
            } catch (SQLException _) {
                // The connection is closed, or gone: nothing is left to cancel.
            }
        });
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException _) {
            return true;
        }
    }

    /** Calls {@code stop}, from another thread, if rf is interrupted before the registration is closed. */
    public Registration register(Runnable stop) {
        // A wrapper of its own, so that the same action registered twice is two registrations.
        Runnable entry = () -> stop.run();
        running.add(entry);
        if (cancelled) {
            stop.run();
        }
        return () -> running.remove(entry);
    }

    /** Whether rf has been asked to stop. Loops over much work look at it. */
    public boolean cancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
        running.forEach(Runnable::run);
        connections.values().forEach(Runnable::run);
    }

    /** From now on the command is a service: it ends by itself, with an exit code of its own, when asked to. */
    void becomeService() {
        service = true;
    }

    boolean isService() {
        return service;
    }

    /** Asks a service to end. What it has under way goes on until {@link #cancel}. */
    void askToStop() {
        stop.complete(true);
    }

    boolean stopAsked() {
        return stop.isDone();
    }

    /** Waits that long, or until the service is asked to end. */
    void awaitStop(Duration longest) throws InterruptedException {
        await(stop, longest);
    }

    /** Waits that long, or until the service is asked to end, or something happens that it waits for as well. */
    void awaitStop(Duration longest, CompletableFuture<?> or) throws InterruptedException {
        CompletableFuture<Object> either = CompletableFuture.anyOf(stop, or);
        await(either, longest);
        // One that stays open would be kept until the service ends, and there is one a round.
        either.cancel(false);
    }

    private static void await(CompletableFuture<?> event, Duration longest) throws InterruptedException {
        try {
            event.get(Math.max(0, longest.toNanos()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException _) {
            // It has been long enough.
        } catch (ExecutionException e) {
            throw new IllegalStateException("what is waited for does not fail", e);
        }
    }
}
