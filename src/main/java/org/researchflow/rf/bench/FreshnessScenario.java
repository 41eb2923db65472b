package org.researchflow.rf.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.serving.SpeedSide;
import org.researchflow.rf.speed.Poller;
import org.researchflow.rf.speed.RedisReader;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.Retention;
import org.researchflow.rf.speed.SpeedStatus;

/**
 * How long after its commit a new patient is in a count, while a service polls each second, another session writes
 * ten transactions of five patients a second, and a third asks without a pause.
 */
record FreshnessScenario(Bed bed, HapiChanges hapi, RedisSettings redis) implements Scenario {

    private static final String VIEW = "patient_simple";
    private static final BenchQuery QUERY = new BenchQuery.OfNewPatients(VIEW);
    private static final int WRITES = 5;
    private static final int TRANSACTIONS_A_SECOND = 10;
    /** What is not in an answer so long after the last write never will be. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static FreshnessScenario open(Bed bed, HapiChanges hapi) throws SQLException {
        if (!QueryScenario.materialized(bed).contains(VIEW)) {
            throw Failure.usage("view " + VIEW + " is not materialized").note("try", "rf views create " + VIEW);
        }
        return new FreshnessScenario(bed, hapi, bed.ownRedis("freshness"));
    }

    @Override
    public List<Subject> subjects() {
        return List.of(new Subject() {
            @Override
            public Series series() {
                return new Series("freshness", "polled-each-1s", "hybrid");
            }

            @Override
            public Sample run(Pace pace) throws SQLException, InterruptedException {
                return measure(pace);
            }
        });
    }

    /** New patients, and when each of those was committed that are in no answer yet. */
    private static final class Commits {
        private final Queue<Long> unseen = new ConcurrentLinkedQueue<>();
        private final HapiChanges hapi;
        private final long end;

        Commits(HapiChanges hapi, long end) {
            this.hapi = hapi;
            this.end = end;
        }

        synchronized void write() {
            if (System.nanoTime() >= end) {
                return;
            }
            try {
                hapi.createPatients(WRITES);
            } catch (SQLException e) {
                throw hapi.database().failure(e);
            }
            // Late by the way of the server's answer: an age is too short by that.
            long committed = System.nanoTime();
            for (int i = 0; i < WRITES; i++) {
                unseen.add(committed);
            }
        }

        /** They become visible in the order in which their one writer committed them. */
        OptionalLong seen() {
            @Nullable Long committed = unseen.poll();
            return committed == null ? seenAtOnce() : OptionalLong.of(committed);
        }

        /** An answer may be there before its writer has looked at the clock. */
        private synchronized OptionalLong seenAtOnce() {
            @Nullable Long committed = unseen.poll();
            return committed == null ? OptionalLong.empty() : OptionalLong.of(committed);
        }

        synchronized int left() {
            return unseen.size();
        }
    }

    private Sample measure(Pace pace) throws SQLException, InterruptedException {
        RefreshScenario.refresh(bed.batch(), RunOptions.Refresh.CHANGES);
        LongStream.Builder ages = LongStream.builder();
        long warm = System.nanoTime() + pace.warmUp().toNanos();
        long end = warm + pace.duration().toNanos();
        Commits commits = new Commits(hapi, end);
        try (ScheduledExecutorService workers = Executors.newScheduledThreadPool(2);
                Connection session = bed.database().connect();
                Poller poller = Poller.service(
                        bed.database(), bed.settings(), redis, Retention.DEFAULT, Duration.ofSeconds(30));
                RedisReader reader = RedisReader.of(redis, bed.settings().ofResources())) {
            poller.poll();
            Serving serving = bed.serving(RunnerName.HYBRID, SpeedSide.Present.of(reader));
            long seen = QUERY.ask(serving, session);
            List<Future<?>> running = List.of(
                    workers.scheduleWithFixedDelay(poller::poll, 0, 1, TimeUnit.SECONDS),
                    workers.scheduleAtFixedRate(
                            commits::write, 0, 1000 / TRANSACTIONS_A_SECOND, TimeUnit.MILLISECONDS));
            // All that was written is waited for: what is slowest would else be nobody's age.
            while (System.nanoTime() < end || (commits.left() > 0 && System.nanoTime() < end + PATIENCE.toNanos())) {
                long now = QUERY.ask(serving, session);
                long visible = System.nanoTime();
                for (; seen < now; seen++) {
                    commits.seen().stream()
                            .filter(committed -> committed >= warm)
                            .forEach(committed -> ages.add(Math.max(0, visible - committed)));
                }
                requireAlive(running);
            }
            running.forEach(one -> one.cancel(false));
            requireSame(seen + commits.left(), session);
        }
        return new Sample(
                new Latencies(ages.build()),
                commits.left(),
                pace.duration().toMillis() / 1000.0,
                OptionalDouble.empty());
    }

    /** Nobody writes any more, and what is in no answer is known. */
    private void requireSame(long expected, Connection session) {
        long recomputed = QUERY.ask(bed.serving(RunnerName.POSTGRES, new SpeedSide.Off()), session);
        if (expected != recomputed) {
            throw Failure.failed("answers out of the speed layer are wrong, and nothing is measured")
                    .note("answers", "merged " + expected + ", computed anew " + recomputed);
        }
    }

    private static void requireAlive(List<Future<?>> running) throws InterruptedException {
        for (Future<?> one : running) {
            if (one.isDone()) {
                try {
                    one.get();
                } catch (ExecutionException e) {
                    throw e.getCause() instanceof Failure failure ? failure : new IllegalStateException(e);
                }
            }
        }
    }

    /** Leaves Redis as it was. */
    @Override
    public void close() throws SQLException {
        Uninterrupted.run(() -> SpeedStatus.purge(redis));
    }
}
