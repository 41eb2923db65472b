package org.researchflow.rf.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
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
record FreshnessScenario(Bed bed, RedisSettings redis) implements Scenario {

    private static final String VIEW = "patient_simple";
    private static final int WRITES = 5;
    private static final int TRANSACTIONS_A_SECOND = 10;
    /** A run that is shorter than a round sees nothing else. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    static FreshnessScenario open(Bed bed) {
        if (!QueryScenario.materialized(bed).contains(VIEW)) {
            throw Failure.usage("view " + VIEW + " is not materialized").note("try", "rf views create " + VIEW);
        }
        RedisSettings redis = bed.redis()
                .orElseThrow(() -> Failure.usage("no Redis is configured")
                        .note("try", "RF_REDIS_URL=redis://host:6379   or   --sandbox, which has one of its own"));
        return new FreshnessScenario(bed, redis.withPrefix("rf-bench:freshness:"));
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

    private Sample measure(Pace pace) throws SQLException, InterruptedException {
        RefreshScenario.refresh(bed.batch(), RunOptions.Refresh.CHANGES);
        HapiChanges hapi = new HapiChanges(bed.database(), bed.settings().hapiSchema());
        Queue<Long> commits = new ConcurrentLinkedQueue<>();
        LongStream.Builder ages = LongStream.builder();
        BenchQuery query = new BenchQuery.OfView("patients", VIEW, Map.of());
        long start = System.nanoTime();
        long end = start + pace.warmUp().plus(pace.duration()).toNanos();
        try (ScheduledExecutorService workers = Executors.newScheduledThreadPool(2);
                Connection session = bed.database().connect();
                Poller poller = Poller.service(
                        bed.database(), bed.settings(), redis, Retention.DEFAULT, Duration.ofSeconds(30));
                RedisReader reader = RedisReader.of(redis, bed.settings().ofResources())) {
            poller.poll();
            Serving serving = bed.serving(RunnerName.HYBRID, SpeedSide.Present.of(reader));
            long seen = query.ask(serving, session);
            List<Future<?>> running = List.of(
                    workers.scheduleWithFixedDelay(poller::poll, 0, 1, TimeUnit.SECONDS),
                    workers.scheduleAtFixedRate(
                            () -> write(hapi, commits), 0, 1000 / TRANSACTIONS_A_SECOND, TimeUnit.MILLISECONDS));
            long patience = end + PATIENCE.toNanos();
            long measured = 0;
            while (System.nanoTime() < end || (measured == 0 && System.nanoTime() < patience)) {
                long now = query.ask(serving, session);
                long visible = System.nanoTime();
                // They become visible in the order in which their one writer committed them.
                for (; seen < now; seen++) {
                    long age = visible - commits.remove();
                    if (visible - start > pace.warmUp().toNanos()) {
                        ages.add(age);
                        measured++;
                    }
                }
                requireAlive(running);
            }
            running.forEach(one -> one.cancel(false));
        }
        return new Sample(new Latencies(ages.build()), 0, pace.duration().toMillis() / 1000.0, OptionalDouble.empty());
    }

    private static void write(HapiChanges hapi, Queue<Long> commits) {
        try {
            hapi.createPatients(WRITES);
        } catch (SQLException e) {
            throw hapi.database().failure(e);
        }
        // A moment late, if at all: the age is never less than it was.
        long committed = System.nanoTime();
        for (int i = 0; i < WRITES; i++) {
            commits.add(committed);
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

    /** Leaves Redis and the database as they were. */
    @Override
    public void close() throws SQLException {
        SpeedStatus.flush(redis);
        new HapiChanges(bed.database(), bed.settings().hapiSchema()).expunge();
        RefreshScenario.refresh(bed.batch(), RunOptions.Refresh.EXACT);
    }
}
