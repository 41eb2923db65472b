package org.researchflow.rf.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.serving.SpeedSide;
import org.researchflow.rf.speed.NotCoveredException;
import org.researchflow.rf.speed.Poller;
import org.researchflow.rf.speed.RedisReader;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.Retention;
import org.researchflow.rf.speed.Round;
import org.researchflow.rf.speed.SpeedStatus;

/**
 * What merging changes out of Redis adds to the diabetes question, and what one entry of Redis and a scan of all recent
 * ones take. Each number of changes has a coverage of its own, so that all of them can take turns.
 */
final class SpeedScenario implements Scenario {

    private static final List<Integer> CHANGES = List.of(0, 100, 1_000, 10_000);
    private static final int SCANNED = 1_000;

    private final Bed bed;
    private final HapiChanges hapi;
    private final BenchQuery query = new BenchQuery.OfCohort("diabetes", BenchQuery.MEN_WITH_DIABETES);
    private final List<RedisReader> readers = new ArrayList<>();
    private final List<RedisSettings> filled = new ArrayList<>();
    private final List<Subject> subjects = new ArrayList<>();

    private SpeedScenario(Bed bed, HapiChanges hapi) {
        this.bed = bed;
        this.hapi = hapi;
    }

    static SpeedScenario open(Bed bed, HapiChanges hapi) throws SQLException {
        SpeedScenario scenario = new SpeedScenario(bed, hapi);
        try {
            scenario.fill();
            return scenario;
        } catch (SQLException | RuntimeException e) {
            scenario.close();
            throw e;
        }
    }

    @Override
    public List<Subject> subjects() {
        return List.copyOf(subjects);
    }

    private void fill() throws SQLException {
        Map<Integer, RedisSettings> places = new LinkedHashMap<>();
        CHANGES.forEach(changes -> places.put(changes, bed.ownRedis(String.valueOf(changes))));
        RefreshScenario.refresh(bed.batch(), RunOptions.Refresh.CHANGES);
        ServerCpu cpu = ServerCpu.of(bed.database());
        Serving stored = bed.serving(RunnerName.MATERIALIZED, new SpeedSide.Off());
        subjects.add(new LoadGenerator(
                new Series("speed", "merge-0", "materialized"), 1, () -> Runners.asking(query, stored), cpu));
        int written = 0;
        try (Connection session = bed.database().connect()) {
            for (int changes : CHANGES) {
                if (changes > written) {
                    hapi.create(changes - written);
                    written = changes;
                }
                RedisSettings own = Objects.requireNonNull(places.get(changes));
                Serving merged = bed.serving(RunnerName.HYBRID, SpeedSide.Present.of(polled(own)));
                requireSame(changes, session, merged);
                subjects.add(new LoadGenerator(
                        new Series("speed", "merge-" + changes, "hybrid"),
                        1,
                        () -> Runners.asking(query, merged),
                        cpu));
                if (changes == SCANNED) {
                    entries(own, cpu);
                }
            }
        }
    }

    private RedisReader polled(RedisSettings own) {
        filled.add(own);
        try (Poller poller = Poller.once(bed.database(), bed.settings(), own, Retention.DEFAULT)) {
            if (poller.poll() instanceof Round.StoodBy(String why)) {
                throw Failure.failed("the speed layer could not be filled").note("why", why);
            }
        }
        RedisReader reader = RedisReader.of(own, bed.settings().ofResources());
        readers.add(reader);
        return reader;
    }

    private void requireSame(int changes, Connection session, Serving merged) {
        long answer = query.ask(merged, session);
        long recomputed = query.ask(bed.serving(RunnerName.POSTGRES, new SpeedSide.Off()), session);
        if (answer != recomputed) {
            throw Failure.failed("merging " + changes + " changes gives another answer, and nothing is measured")
                    .note("answers", "merged " + answer + ", computed anew " + recomputed);
        }
    }

    /** One entry, as a poller writes it and a reader reads it, and all recent ones. */
    private void entries(RedisSettings own, ServerCpu cpu) {
        subjects.add(new LoadGenerator(
                new Series("speed", "read", "redis"),
                1,
                () -> new Entry(own, (commands, key) -> () -> commands.hmget(key, "resource", "version", "deleted")),
                cpu));
        subjects.add(new LoadGenerator(
                new Series("speed", "write", "redis"),
                1,
                () -> new Entry(own, (commands, key) -> {
                    Map<String, String> entry = commands.hgetall(key);
                    return () -> commands.hset(own.prefix() + "fhir:bench:entry", entry);
                }),
                cpu));
        Map<String, Long> since = SpeedStatus.read(own).types().stream()
                .collect(Collectors.toMap(SpeedStatus.Type::name, SpeedStatus.Type::from));
        RedisReader reader = readers.getLast();
        subjects.add(new LoadGenerator(
                new Series("speed", "scan-" + SCANNED, "redis"),
                1,
                () -> () -> {
                    try {
                        reader.read(since);
                    } catch (NotCoveredException e) {
                        throw Failure.failed("the speed layer lost what it covered")
                                .causedBy(e);
                    }
                },
                cpu));
    }

    /** A connection to Redis that does one thing with one entry. */
    private static final class Entry implements Client {

        private interface Making {
            Runnable of(RedisCommands<String, String> commands, String key);
        }

        private final RedisClient client;
        private final Runnable once;

        Entry(RedisSettings own, Making making) {
            client = RedisClient.create(own.uri());
            StatefulRedisConnection<String, String> connection = client.connect();
            String key =
                    connection.sync().keys(own.prefix() + "fhir:condition:*").getFirst();
            once = making.of(connection.sync(), key);
        }

        @Override
        public void once() {
            try {
                once.run();
            } catch (RedisException e) {
                throw Failure.unreachable("Redis does not answer").causedBy(e);
            }
        }

        @Override
        public void close() {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(2));
        }
    }

    /** Leaves Redis as it was. */
    @Override
    public void close() throws SQLException {
        Uninterrupted.run(() -> {
            readers.forEach(RedisReader::close);
            filled.forEach(SpeedStatus::purge);
        });
    }
}
