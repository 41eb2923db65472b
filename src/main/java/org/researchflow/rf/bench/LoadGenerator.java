package org.researchflow.rf.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/**
 * Clients that ask the same thing at once, for a time.
 *
 * @param series what it is
 * @param clients how many
 * @param opening makes one
 * @param cpu of the database server
 */
record LoadGenerator(Series series, int clients, Opening opening, ServerCpu cpu) implements Subject {

    /** How long what was due is still asked, if its time was shorter than that. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Makes clients. */
    @FunctionalInterface
    interface Opening {
        Client open() throws SQLException, IOException;
    }

    /** When the clients of an open model ask: each time is given to one of them. */
    private static final class Schedule {
        private final AtomicLong next = new AtomicLong();
        private final long start;
        private final long end;
        private final double interval;

        Schedule(long start, long end, double rate) {
            this.start = start;
            this.end = end;
            this.interval = 1e9 / rate;
        }

        long due() {
            return start + (long) (next.getAndIncrement() * interval);
        }

        boolean isOver(long due) {
            return due >= end;
        }

        /** Whether so much is left over from its time that the rest would never be done. */
        boolean isGivenUp() {
            return System.nanoTime() - end > Math.max(end - start, PATIENCE.toNanos());
        }
    }

    /** What one client saw. */
    private static final class Seen {
        private long[] latencies = new long[1024];
        private int answers;
        private long errors;
        private @Nullable Exception first;

        void failed(Exception error) {
            errors++;
            if (first == null) {
                first = error;
            }
        }

        void answered(long nanoseconds) {
            if (answers == latencies.length) {
                latencies = Arrays.copyOf(latencies, answers * 2);
            }
            latencies[answers++] = nanoseconds;
        }
    }

    /** Something that is done by all clients at once for a time. */
    private interface Phase {
        Seen by(Client client) throws SQLException, IOException, InterruptedException;
    }

    @Override
    public Sample run(Pace pace) throws SQLException, IOException, InterruptedException {
        List<Client> opened = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(clients)) {
            for (int i = 0; i < clients; i++) {
                opened.add(opening.open());
            }
            together(threads, opened, phase(pace.warmUp(), pace.rate()));
            OptionalDouble before = cpu.seconds();
            long start = System.nanoTime();
            List<Seen> seen = together(threads, opened, phase(pace.duration(), pace.rate()));
            double seconds = (System.nanoTime() - start) / 1e9;
            requireAny(seen);
            OptionalDouble after = cpu.seconds();
            return new Sample(
                    new Latencies(seen.stream().flatMapToLong(one -> Arrays.stream(one.latencies, 0, one.answers))),
                    seen.stream().mapToLong(one -> one.errors).sum(),
                    seconds,
                    before.isPresent() && after.isPresent()
                            ? OptionalDouble.of(after.getAsDouble() - before.getAsDouble())
                            : OptionalDouble.empty());
        } finally {
            for (Client client : opened) {
                client.close();
            }
        }
    }

    private static List<Seen> together(ExecutorService threads, List<Client> clients, Phase phase)
            throws SQLException, IOException, InterruptedException {
        List<Future<Seen>> running = clients.stream()
                .map(client -> threads.submit(() -> phase.by(client)))
                .toList();
        List<Seen> seen = new ArrayList<>();
        try {
            for (Future<Seen> one : running) {
                seen.add(one.get());
            }
        } catch (ExecutionException e) {
            throw cause(e.getCause());
        } finally {
            running.forEach(one -> one.cancel(true));
        }
        return seen;
    }

    /** Where every question fails there is a reason that people want to know, and nothing to measure. */
    private static void requireAny(List<Seen> seen) throws SQLException, IOException, InterruptedException {
        Optional<Exception> reason = seen.stream()
                .flatMap(one -> Optional.ofNullable(one.first).stream())
                .findFirst();
        if (reason.isPresent() && seen.stream().allMatch(one -> one.answers == 0)) {
            throw cause(reason.get());
        }
    }

    private static RuntimeException cause(@Nullable Throwable failed)
            throws SQLException, IOException, InterruptedException {
        return switch (failed) {
            case SQLException error -> throw error;
            case IOException error -> throw error;
            case InterruptedException error -> throw error;
            case RuntimeException error -> error;
            case null, default -> new IllegalStateException(failed);
        };
    }

    private static Phase phase(Duration duration, OptionalDouble rate) {
        long start = System.nanoTime();
        long end = start + duration.toNanos();
        if (rate.isEmpty()) {
            return client -> closed(client, end);
        }
        Schedule schedule = new Schedule(start, end, rate.getAsDouble());
        return client -> open(client, schedule);
    }

    /** At least once, however short the time is. */
    private static Seen closed(Client client, long end) throws SQLException, IOException, InterruptedException {
        Seen seen = new Seen();
        do {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            client.prepare();
            ask(client, System.nanoTime(), seen);
        } while (System.nanoTime() < end);
        return seen;
    }

    /**
     * All that was due is asked, even if late: what a stalled server did not answer would else be nobody's latency. At a
     * rate that it never keeps up with, what is not asked in the end is an error each.
     */
    private static Seen open(Client client, Schedule schedule) throws SQLException, IOException, InterruptedException {
        Seen seen = new Seen();
        for (long due = schedule.due(); !schedule.isOver(due); due = schedule.due()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (schedule.isGivenUp()) {
                seen.errors++;
                continue;
            }
            client.prepare();
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
            }
            ask(client, due, seen);
        }
        return seen;
    }

    /** A question that fails is counted; with a connection that is gone, every later one fails, too. */
    private static void ask(Client client, long from, Seen seen) throws IOException, InterruptedException {
        try {
            client.once();
            seen.answered(System.nanoTime() - from);
        } catch (SQLException | Failure e) {
            seen.failed(e);
        }
    }
}
