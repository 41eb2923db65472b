package org.researchflow.rf.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.lettuce.core.api.sync.RedisCommands;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.Soak;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestRedis;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.BatchFixture;
import org.researchflow.rf.batch.Catalog;
import org.researchflow.rf.batch.Heard;
import org.researchflow.rf.batch.History;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.RunOptions.Refresh;
import org.researchflow.rf.batch.SmallHapi;
import org.researchflow.rf.cohort.Code;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.Event;
import org.researchflow.rf.cohort.EventType;
import org.researchflow.rf.cohort.Finding;
import org.researchflow.rf.cohort.Occurrence;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.speed.ChangedRows;
import org.researchflow.rf.speed.KeptRows;
import org.researchflow.rf.speed.NotCoveredException;
import org.researchflow.rf.speed.Poller;
import org.researchflow.rf.speed.RecentChanges;
import org.researchflow.rf.speed.RedisConnecting;
import org.researchflow.rf.speed.RedisReader;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.Retention;
import org.researchflow.rf.speed.Round;
import org.researchflow.rf.speed.SpeedLayer;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewDefinition;

/**
 * The second law: live = recomputed, whatever a server writes, whenever it is polled and refreshed, and be it in the
 * middle of a question.
 */
class HybridLawTest {

    private static final int STEPS = 40;

    /** By what they are in words. They are kept, and so asked at once where that is possible. */
    private static final Map<String, Serving.CountQuestion<Long>> COUNTS = Stream.of(
                    ServingFixture.cohort("male", "15777000", "59621000", "444814009"),
                    ServingFixture.cohort("female", "444814009"),
                    Cohort.all(List.of(happened(
                            EventType.MEDICATION,
                            new Finding.OfCode(Code.parse("1535362")),
                            new Finding.OfCode(Code.parse("106892"))))),
                    Cohort.all(List.of(happened(
                            EventType.OBSERVATION,
                            new Finding.OfValue(Code.parse("8480-6"), Optional.empty()),
                            new Finding.OfValue(Code.parse("8302-2"), Optional.empty())))))
            .collect(Collectors.toMap(Cohort::inWords, Serving.CountQuestion::of, (one, _) -> one, LinkedHashMap::new));

    private static Event happened(EventType type, Finding... findings) {
        return new Event(type, List.of(findings), Occurrence.ANY);
    }

    private static SmallHapi original;

    @BeforeAll
    static void create() throws SQLException {
        original = SmallHapi.create();
    }

    @AfterAll
    static void drop() throws SQLException {
        original.close();
    }

    static LongStream seeds() {
        return Soak.seeds(1);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void liveIsRecomputed(long seed) throws SQLException {
        tried(seed, InMemory::new);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void liveIsRecomputedWithRedis(long seed) throws SQLException {
        try (TestRedis redis = TestRedis.start()) {
            tried(seed, (fixture, _) -> InRedis.of(fixture, redis));
        }
    }

    /** What keeps changes in a trial. */
    private interface Kept extends SpeedLayer, AutoCloseable {
        /** Takes what changed; the moment of the coverage, if there is one. */
        Optional<Instant> poll() throws SQLException;

        void flush();

        @Override
        void close();
    }

    /** In memory, as the promise says. */
    private static final class InMemory implements Kept {
        private final PolledChanges changes;
        private final Batch batch;

        InMemory(ServingFixture fixture, Batch batch) {
            this.changes = new PolledChanges(fixture.database());
            this.batch = batch;
        }

        @Override
        public Optional<Instant> poll() throws SQLException {
            if (changes.coverage == null) {
                // As a poller that begins does: from what all views hold.
                changes.cover(batch.list(List.of()).stream()
                        .mapToLong(
                                listed -> listed.materialization().watermark().oldestTransaction())
                        .min()
                        .orElseThrow());
            } else {
                changes.poll();
            }
            return Optional.of(changes.covered().asOf());
        }

        @Override
        public void flush() {
            changes.set(null);
        }

        @Override
        public RecentChanges read(Map<String, Long> since) throws NotCoveredException {
            return changes.read(since);
        }

        @Override
        public void close() {}
    }

    /** In Redis, by rf's own poller. Both connections are kept: a new one costs more than what it is used for. */
    private record InRedis(TestRedis redis, Poller poller, RedisReader reader, RedisReader plain) implements Kept {

        static InRedis of(ServingFixture fixture, TestRedis redis) {
            RedisSettings at = redis.settings("");
            return new InRedis(
                    redis,
                    Poller.once(fixture.at(), ServingFixture.SETTINGS, at, Retention.DEFAULT),
                    RedisReader.of(at, ServingFixture.SETTINGS.ofResources()),
                    RedisReader.over(RedisConnecting.begin(at), at, ServingFixture.SETTINGS.ofResources()));
        }

        @Override
        public Optional<Instant> poll() {
            return poller.poll() instanceof Round.Polled polled ? Optional.of(polled.asOf()) : Optional.empty();
        }

        @Override
        public void flush() {
            redis.ask(RedisCommands::flushall);
        }

        @Override
        public RecentChanges read(Map<String, Long> since) throws NotCoveredException {
            RecentChanges read = plain.read(since);
            assertThat(read).isEqualTo(reader.read(since));
            return read;
        }

        @Override
        public RecentChanges read(Map<String, Long> since, Collection<KeptRows> views) throws NotCoveredException {
            RecentChanges read = plain.read(since, views);
            RecentChanges other = reader.read(since, views);
            assertThat(read.coverage()).isEqualTo(other.coverage());
            assertThat(read.changes()).isEqualTo(other.changes());
            assertThat(read.rows().keySet()).isEqualTo(other.rows().keySet());
            other.rows()
                    .forEach((type, rows) -> assertThat(read.rows().get(type))
                            .isNotNull()
                            .extracting(ChangedRows::keys)
                            .isEqualTo(rows.keys()));
            return read;
        }

        @Override
        public void close() {
            plain.close();
            reader.close();
            poller.close();
        }
    }

    private static void tried(long seed, BiFunction<ServingFixture, Batch, Kept> speed) throws SQLException {
        try (TestDatabase database = original.copy();
                Connection connection = database.connect();
                Connection other = database.connect();
                History history = History.readable(database, seed, original.bodies())) {
            ServingFixture fixture = new ServingFixture(database);
            Batch batch = BatchFixture.batch(database);
            try (Kept kept = speed.apply(fixture, batch)) {
                new Trial(fixture, batch, kept, connection, other, history, new Random(seed)).run();
            }
        }
    }

    /** One history with its questions. */
    private static final class Trial {
        private final Batch batch;
        private final History history;
        private final Random random;
        private final Kept polled;
        private final ServingFixture fixture;
        private final Serving live;
        private final Map<Instant, Map<String, String>> byMoment = new HashMap<>();
        private final Map<Newer.Place, Integer> places = new HashMap<>();

        private final Connection connection;
        private final Connection other;
        private Map<String, String> current = Map.of();
        private int byRows;

        Trial(
                ServingFixture fixture,
                Batch batch,
                Kept polled,
                Connection connection,
                Connection other,
                History history,
                Random random) {
            this.fixture = fixture;
            this.batch = batch;
            this.polled = polled;
            this.connection = connection;
            this.other = other;
            this.history = history;
            this.random = random;
            this.live = fixture.hybrid(new SpeedLayer() {
                @Override
                public RecentChanges read(Map<String, Long> since) throws NotCoveredException {
                    return read(since, List.of());
                }

                @Override
                public RecentChanges read(Map<String, Long> since, Collection<KeptRows> views)
                        throws NotCoveredException {
                    meanwhile();
                    RecentChanges recent = polled.read(since, views);
                    byRows += recent.rows().size();
                    meanwhile();
                    return recent;
                }
            });
        }

        private void meanwhile() {
            try {
                happen();
            } catch (SQLException e) {
                throw new IllegalStateException("in the middle of a question", e);
            }
        }

        void run() throws SQLException {
            List<ViewDefinition> views = new ArrayList<>(Pack.FHIR.views());
            views.addAll(Pack.MORE.views());
            batch.create(views, false, RunOptions.DEFAULT, Heard.NOBODY);
            poll();
            for (int step = 0; step < STEPS; step++) {
                step();
                happen();
                ask();
            }
            assertThat(places.keySet()).contains(Newer.Place.REDIS, Newer.Place.DATABASE);
            assertThat(byRows > 0).isEqualTo(polled instanceof InRedis);
        }

        private void step() throws SQLException {
            history.step();
            current = Map.of();
        }

        /** Something may happen, in between and in the middle of a question. */
        private void happen() throws SQLException {
            switch (random.nextInt(16)) {
                case 0 -> refresh(Refresh.CHANGES, batch.refreshable());
                case 1 -> refresh(Refresh.CHANGES, List.of("patient_simple", "condition_simple"));
                case 2 -> refresh(Refresh.CHANGES, List.of("condition_simple"));
                case 3 -> refresh(Refresh.REBUILD, List.of("condition_simple"));
                case 4 -> polled.flush();
                case 5, 6, 7 -> step();
                case 8, 9, 10 -> poll();
                default -> {}
            }
        }

        private void refresh(Refresh thoroughness, List<String> views) throws SQLException {
            // In the middle of a question its own session would be waited for.
            batch.refresh(
                    views,
                    RunOptions.DEFAULT
                            .withRefresh(thoroughness)
                            .withPatience(Duration.ZERO)
                            .withJobs(1),
                    Heard.NOBODY);
            Map<String, String> now = recomputed();
            Transactions.read(other, Catalog::all).stream()
                    .map(stored -> stored.watermark().at())
                    .forEach(moment -> byMoment.putIfAbsent(moment, now));
        }

        private void poll() throws SQLException {
            polled.poll().ifPresent(moment -> byMoment.put(moment, recomputed()));
        }

        private void ask() {
            Map<String, String> now = recomputed();
            // First what may be asked of views as they were remembered.
            for (Map.Entry<String, Serving.CountQuestion<Long>> count : COUNTS.entrySet()) {
                Served<Counted<Long>> answer = live.count(connection, count.getValue(), _ -> () -> {});
                require(count.getKey(), answer.result().result() + "", answer.relations(), now);
                now = recomputed();
                Counted.Sides sides = answer.result().sides().orElseThrow();
                assertThat(sides.batch() + sides.speed() - sides.superseded())
                        .as(told())
                        .isEqualTo(answer.result().result());
                assertThat(sides.superseded()).isBetween(0L, sides.batch());
            }
            for (String view : List.of("patient_simple", "condition_simple", "observation_labs", "encounter_simple")) {
                Served<String> answer = ServingFixture.digest(live, connection, view);
                require(view, answer.result(), answer.relations(), now);
                now = recomputed();
            }
        }

        private void require(String what, String answer, Relations relations, Map<String, String> now) {
            places.merge(relations.newer().from(), 1, Integer::sum);
            Map<String, String> expected = relations.newer().from() == Newer.Place.DATABASE
                    ? now
                    : byMoment.getOrDefault(relations.asOf(), Map.of());
            assertThat(answer)
                    .as(() -> what + " " + relations.runner() + " from " + relations.newer() + " as of "
                            + relations.asOf() + " " + relations.warnings() + " after\n" + told().get())
                    .isEqualTo(expected.get(what));
            assertThat(relations.complete()).as(told()).isTrue();
        }

        private Supplier<String> told() {
            return history::told;
        }

        /** What every question would be answered now. */
        private Map<String, String> recomputed() {
            if (!current.isEmpty()) {
                return current;
            }
            Serving exact = fixture.recomputing();
            Map<String, String> answers = new TreeMap<>();
            for (String view : List.of("patient_simple", "condition_simple", "observation_labs", "encounter_simple")) {
                answers.put(view, ServingFixture.digest(exact, other, view).result());
            }
            COUNTS.forEach((what, question) -> answers.put(
                    what, exact.count(other, question, _ -> () -> {}).result().result() + ""));
            current = answers;
            return answers;
        }
    }
}
