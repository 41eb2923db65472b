package org.researchflow.rf.benchmark;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.sync.RedisCommands;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunListener;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.Event;
import org.researchflow.rf.cohort.Gender;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.serving.Counted;
import org.researchflow.rf.serving.Newer;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Served;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.serving.ServingOptions;
import org.researchflow.rf.serving.SpeedSide;
import org.researchflow.rf.speed.Poller;
import org.researchflow.rf.speed.RedisReader;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.Retention;
import org.researchflow.rf.speed.Round;
import org.researchflow.rf.view.Pack;

/**
 * What merging changes out of Redis costs beside stored rows alone, how old answers are while others write, and what
 * Redis itself takes, on the data of a real HAPI server. A program for people, not a test: its figures depend on the
 * machine. Ends with 1 when a figure is above what is promised.
 */
public final class SpeedBench {

    /** What so many changes may add to an answer, in milliseconds. */
    private static final Map<Integer, Double> PROMISED =
            new TreeMap<>(Map.of(0, 2.0, 100, 3.0, 1_000, 10.0, 10_000, 60.0));

    private static final double FRESH_WITHIN = 2_000;
    private static final double REDIS_WITHIN = 10;

    private static final int WARM_UP = 30;
    private static final int ROUNDS = Integer.getInteger("rf.bench.rounds", 101);
    private static final int SECONDS = Integer.getInteger("rf.bench.seconds", 30);
    private static final int WRITES_A_SECOND = 50;

    private static final SourceSettings SETTINGS = new SourceSettings("public", ZoneOffset.UTC, FhirVersion.R4);

    private static final Cohort MEN_WITH_DIABETES =
            Cohort.all(List.of(Gender.parse(List.of("male")), Event.condition(Code.parse("44054006"))));
    private static final Serving.CountQuestion<Long> HOW_MANY = Serving.CountQuestion.of(MEN_WITH_DIABETES);

    private static final RunListener NOBODY = new RunListener() {
        @Override
        public void started(String view) {}

        @Override
        public void finished(Outcome outcome) {}
    };

    /** Who answers. */
    private enum Way {
        STORED,
        MERGED,
        RECOMPUTED
    }

    private final PrintStream out;
    private final TestDatabase database;
    private final Database source;
    private final RedisSettings redis;
    private boolean kept = true;

    private SpeedBench(PrintStream out, TestDatabase database, TestRedis redis) {
        this.out = out;
        this.database = database;
        this.source = new Database(ConnectionSettings.of(
                new Address(database.host(), database.port()),
                database.database(),
                database.user(),
                Optional.of(database.password()),
                "the bench"));
        this.redis = RedisSettings.of(redis.url(), "");
    }

    public static void main(String... args) throws SQLException, InterruptedException, ExecutionException {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        boolean kept;
        try (TestDatabase database = TestPostgres.hapi880();
                TestRedis redis = TestRedis.start()) {
            HapiWriter.prepare(database);
            database.execute("analyze");
            SpeedBench bench = new SpeedBench(out, database, redis);
            new Batch(bench.source, SETTINGS).create(Pack.FHIR.views(), false, RunOptions.DEFAULT, NOBODY);
            bench.merging();
            bench.redis(redis);
            bench.freshness();
            kept = bench.kept;
        }
        System.exit(kept ? 0 : 1);
    }

    /** Stored rows alone and merged ones in turns, so that both see the same machine. */
    private void merging() throws SQLException {
        out.printf(
                Locale.ROOT,
                "men with diabetes, medians of %d in ms; changes are of patients and conditions alike%n"
                        + "   changes    stored    merged     ratio    added   promised   (catalog, coverage, Redis, SQL)%n",
                ROUNDS);
        int written = 0;
        try (Connection session = source.connect();
                Poller poller = Poller.once(source, SETTINGS, redis, Retention.DEFAULT);
                RedisReader reader = RedisReader.of(redis, SETTINGS.ofResources())) {
            for (Map.Entry<Integer, Double> promise : PROMISED.entrySet()) {
                // What was read before is written again, by the thousand as a server's transactions would.
                change(written, promise.getKey());
                written = promise.getKey();
                polled(poller);
                merging(session, reader, promise.getKey(), promise.getValue());
            }
        }
    }

    private void merging(Connection session, RedisReader reader, int changes, double promised) {
        Map<Way, Serving> servings = new EnumMap<>(Map.of(
                Way.STORED, serving(RunnerName.MATERIALIZED, new SpeedSide.Off()),
                Way.MERGED, serving(RunnerName.HYBRID, new SpeedSide.Present(_ -> reader, true)),
                Way.RECOMPUTED, serving(RunnerName.POSTGRES, new SpeedSide.Off())));
        Map<Way, List<Double>> times = new EnumMap<>(Way.class);
        Map<String, List<Double>> parts = new TreeMap<>();
        long recomputed = count(servings.get(Way.RECOMPUTED), session).result().result();
        for (int round = 0; round < WARM_UP + ROUNDS; round++) {
            for (Way way : List.of(Way.STORED, Way.MERGED)) {
                long start = System.nanoTime();
                Served<Counted<Long>> answer = count(servings.get(way), session);
                double took = (System.nanoTime() - start) / 1e6;
                if (way == Way.MERGED) {
                    require(answer, recomputed, changes);
                }
                if (round >= WARM_UP) {
                    times.computeIfAbsent(way, _ -> new ArrayList<>()).add(took);
                    if (way == Way.MERGED) {
                        answer.timings()
                                .forEach((part, time) -> parts.computeIfAbsent(part, _ -> new ArrayList<>())
                                        .add(time));
                    }
                }
            }
        }
        double stored = percentile(times.get(Way.STORED), 50);
        double merged = percentile(times.get(Way.MERGED), 50);
        out.printf(
                Locale.ROOT,
                "  %8d  %8.2f  %8.2f  %8.2f %8.2f   %8.0f   (%.2f, %.2f, %.2f, %.2f)%n",
                changes,
                stored,
                merged,
                merged / stored,
                merged - stored,
                promised,
                percentile(parts.get("catalog"), 50),
                percentile(parts.get("coverage"), 50),
                percentile(parts.get("redis"), 50),
                percentile(parts.get("sql"), 50));
        kept &= merged - stored <= promised;
    }

    private static void require(Served<Counted<Long>> answer, long recomputed, int changes) {
        if (answer.result().result() != recomputed) {
            throw new IllegalStateException("merged: " + answer.result().result() + ", recomputed: " + recomputed);
        }
        if (answer.relations().newer().from() != Newer.Place.REDIS
                || answer.relations().newer().changes() != changes) {
            throw new IllegalStateException(
                    answer.relations().newer() + " " + answer.relations().warnings());
        }
    }

    /** Writes patients that are there again, and conditions that are there under new ids, up to a number of both. */
    private void change(int from, int to) throws SQLException {
        database.execute("""
                create temp table body as
                select r.res_type, v.res_text_vc as body, row_number() over (partition by r.res_type order by r.res_id) as n
                  from hfj_resource r join hfj_res_ver v on v.res_id = r.res_id and v.res_ver = r.res_ver
                 where r.res_deleted_at is null and r.res_type in ('Patient', 'Condition') and v.res_text_vc is not null
                   and r.res_id < 5000000;
                create temp table fresh as
                select nextval('hapi_writer') as res_id, b.res_type, b.body
                  from generate_series(%d, %d) g
                  join (select *, count(*) over (partition by res_type) as of_type from body) b
                    on b.res_type = case g %% 10 when 0 then 'Patient' else 'Condition' end and b.n = g %% b.of_type + 1;
                insert into hfj_resource (res_id, fhir_id, res_type, res_ver, res_version, has_tags, res_published,
                       res_updated, sp_has_links, sp_coords_present, sp_date_present, sp_number_present,
                       sp_quantity_nrml_present, sp_quantity_present, sp_string_present, sp_token_present,
                       sp_uri_present)
                select res_id, res_id::text, res_type, 1, 'R4', false, now(), now(), false, false, false, false, false,
                       false, false, false, false
                  from fresh;
                insert into hfj_res_ver (pid, res_id, res_ver, res_type, res_encoding, has_tags, res_published,
                       res_updated, res_text_vc)
                select nextval('hapi_writer'), res_id, 1, res_type, 'JSON', false, now(), now(), body from fresh;
                drop table fresh;
                drop table body
                """.formatted(from + 1, to));
    }

    /** How long after its commit a change is in an answer, while a poller polls each second and others write. */
    private void freshness() throws SQLException, InterruptedException, ExecutionException {
        // As after a night's refresh.
        new Batch(source, SETTINGS).refresh(List.of("patient_simple"), RunOptions.DEFAULT, NOBODY);
        Queue<Instant> commits = new ConcurrentLinkedQueue<>();
        AtomicLong rounds = new AtomicLong();
        List<Double> ages = new ArrayList<>();
        try (ScheduledExecutorService workers = Executors.newScheduledThreadPool(2);
                Connection writing = database.connect();
                Connection asking = source.connect();
                Poller poller = Poller.service(source, SETTINGS, redis, Retention.DEFAULT, Duration.ofSeconds(30));
                RedisReader reader = RedisReader.of(redis, SETTINGS.ofResources())) {
            polled(poller);
            Serving serving = serving(RunnerName.HYBRID, new SpeedSide.Present(_ -> reader, true));
            long seen = patients(serving, asking);
            writing.setAutoCommit(false);
            HapiWriter hapi = new HapiWriter(writing);
            ScheduledFuture<?> polling = workers.scheduleWithFixedDelay(
                    () -> {
                        polled(poller);
                        rounds.incrementAndGet();
                    },
                    0,
                    1,
                    TimeUnit.SECONDS);
            ScheduledFuture<?> writer = workers.scheduleAtFixedRate(
                    () -> write(hapi, commits), 0, 1_000_000 / WRITES_A_SECOND, TimeUnit.MICROSECONDS);
            Instant end = Instant.now().plusSeconds(SECONDS);
            while (Instant.now().isBefore(end)) {
                long now = patients(serving, asking);
                Instant visible = Instant.now();
                // Whoever wrote has one transaction at a time: they become visible in their order.
                for (; seen < now; seen++) {
                    ages.add(Duration.between(commits.remove(), visible).toNanos() / 1e6);
                }
                require(polling, writer);
            }
            polling.cancel(false);
            writer.cancel(false);
        }
        double late = percentile(ages, 99);
        out.printf(
                Locale.ROOT,
                "from commit to visible, polled every 1 s: %d writes, %.0f a second, %d rounds:"
                        + " p50 %.0f ms, p99 %.0f ms (promised %.0f)%n",
                ages.size(),
                ages.size() / (double) SECONDS,
                rounds.get(),
                percentile(ages, 50),
                late,
                FRESH_WITHIN);
        kept &= late <= FRESH_WITHIN;
    }

    private static void require(ScheduledFuture<?>... running) throws InterruptedException, ExecutionException {
        for (ScheduledFuture<?> work : running) {
            if (work.isDone()) {
                work.get();
            }
        }
    }

    /** What Redis takes for one entry, as the poller writes it and the reader reads it. */
    private void redis(TestRedis server) {
        List<Double> reads = new ArrayList<>();
        List<Double> writes = new ArrayList<>();
        RedisClient client = RedisClient.create(RedisURI.create(server.url()));
        try {
            RedisCommands<String, String> commands = client.connect().sync();
            String key = commands.keys("fhir:patient:*").getFirst();
            Map<String, String> entry = commands.hgetall(key);
            for (int round = 0; round < 500 + 5_000; round++) {
                long start = System.nanoTime();
                commands.hmget(key, "resource", "version", "deleted", "problem");
                long read = System.nanoTime();
                commands.hset("bench", entry);
                long written = System.nanoTime();
                if (round >= 500) {
                    reads.add((read - start) / 1e6);
                    writes.add((written - read) / 1e6);
                }
            }
            commands.del("bench");
        } finally {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
        out.printf(
                Locale.ROOT,
                "one entry in Redis: read p50 %.2f ms, p99 %.2f ms; written p50 %.2f ms, p99 %.2f ms (promised %.0f)%n",
                percentile(reads, 50),
                percentile(reads, 99),
                percentile(writes, 50),
                percentile(writes, 99),
                REDIS_WITHIN);
        kept &= percentile(reads, 99) <= REDIS_WITHIN && percentile(writes, 99) <= REDIS_WITHIN;
    }

    private static void polled(Poller poller) {
        if (poller.poll() instanceof Round.StoodBy(String why)) {
            throw new IllegalStateException(why);
        }
    }

    /** One write, and when it was about to be committed. */
    private static void write(HapiWriter hapi, Queue<Instant> commits) {
        try {
            hapi.create("Patient", "{\"resourceType\": \"Patient\", \"gender\": \"other\"}");
            commits.add(Instant.now());
            hapi.connection().commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Serving serving(RunnerName runner, SpeedSide speed) {
        return new Serving(
                source,
                SETTINGS,
                runner,
                ServingOptions.DEFAULT.withSpeed(speed).unlogged());
    }

    private static long patients(Serving serving, Connection session) {
        return serving.answer(
                        session,
                        views -> RowFilter.digest(views.named("patient_simple")),
                        (rows, _) -> {
                            rows.next();
                            return rows.getLong(1);
                        },
                        _ -> () -> {})
                .result();
    }

    private static Served<Counted<Long>> count(Serving serving, Connection session) {
        return serving.count(session, HOW_MANY, _ -> () -> {});
    }

    private static double percentile(List<Double> times, int percent) {
        List<Double> sorted = times.stream().sorted().toList();
        return sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
    }
}
