package org.researchflow.rf.speed;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Decoding;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.source.ResourceState;
import org.researchflow.rf.source.ResourceStates;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.SourceMoment;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.source.Sweep;
import org.researchflow.rf.source.WrittenResources;

/**
 * One round of a poller: everything that was written since the coverage that Redis holds, read in one snapshot of the
 * source and written in one step. Where there is no coverage to go on from, one begins that reaches back to what the
 * materialized views hold.
 */
final class PollRound {

    /** More changes of one type are not kept: no reader takes as many, and memory is to stay bounded. */
    private static final int HELD = 100_000;

    /** Bodies that are read at a time. */
    private static final int BODIES = 200;

    /** Resources that could not be read and are tried again. */
    private static final int RETRIES = 1_000;

    /** Changes from before a view was known, for which rows are made at a time. */
    private static final int BELATED = 10_000;

    /**
     * What a round works with.
     *
     * @param settings with the source that is there
     * @param rowMaker who knows the views by now
     */
    record Place(
            Database database, SourceSettings settings, Connection connection, RedisStore store, RowMaker rowMaker) {}

    private final Place place;
    private final Retention retention;
    private final Situation situation;
    private final String name;
    private final Optional<StoredCoverage.Holder> holder;
    private final List<StoredCoverage.Retry> retries = new ArrayList<>();
    private long resources;
    private long tombstones;
    private long unreadable;
    private long known;
    private Duration sweepTime = Duration.ZERO;
    private Map<KeptRows, Long> views = Map.of();

    /**
     * A round to be done under the watch of the coverage.
     *
     * @param name of the round
     * @param holder the service that polls
     */
    PollRound(
            Place place,
            Retention retention,
            Situation situation,
            String name,
            Optional<StoredCoverage.Holder> holder) {
        this.place = place;
        this.retention = retention;
        this.situation = situation;
        this.name = name;
        this.holder = holder;
    }

    /**
     * Does it.
     *
     * @param inspect whether to look that every entry is still there
     * @param lost why the coverage is known to be lost, if it is
     */
    Round run(boolean inspect, Optional<String> lost) throws SQLException {
        long started = System.nanoTime();
        Resources source = place.settings().resources(place.connection());
        SourceState state = source.state(place.connection());
        Optional<String> inTheWay = situation.inTheWay(state);
        if (inTheWay.isPresent()) {
            place.store().unwatch();
            return new Round.StoodBy(inTheWay.get());
        }
        requireTransactions(state);
        Optional<String> broken = lost.or(() -> situation.broken(state)).or(() -> shrunk(inspect));
        Resources readable = decoded(source, state, broken.isPresent());
        return Transactions.read(place.connection(), _ -> {
            SourceMoment moment = SourceMoment.take(place.connection());
            Optional<String> restarted = broken.or(() -> situation.broken(moment.at()));
            write(readable, state, moment, restarted.isPresent());
            return new Round.Polled(
                    moment.at(),
                    resources,
                    tombstones,
                    unreadable,
                    known,
                    restarted,
                    sweepTime,
                    Duration.ofNanos(System.nanoTime() - started));
        });
    }

    private static void requireTransactions(SourceState state) {
        if (!state.tracksTransactions()) {
            throw Failure.usage("changes cannot be told from this database")
                    .note("why", "hfj_resource is not a table of it");
        }
    }

    private Optional<String> shrunk(boolean inspect) {
        StoredCoverage before = before();
        RedisStore store = place.store();
        return store.shrunk(before)
                .or(() -> {
                    Beginnings still = Beginnings.after(before, retention, situation.now());
                    return before.counts().keySet().stream()
                            .filter(type -> inspect
                                    && !store.isWhole(
                                            type, still.of(type), before.to().oldest()))
                            .findFirst();
                })
                .map(type -> "Redis lost changes of " + type);
    }

    /** Bodies in large objects have to be readable before the round's snapshot. */
    private Resources decoded(Resources source, SourceState state, boolean fresh) throws SQLException {
        if (!source.needsDecoding(place.connection())) {
            return source;
        }
        long[] ids = Transactions.read(place.connection(), connection -> {
            SourceMoment moment = SourceMoment.take(connection);
            Optional<Sweep> sweep = source.changes(
                    connection, moment.age(beginnings(state, moment, fresh).swept()));
            LongStream found = sweep.stream()
                    .flatMapToLong(changes -> changes.types().stream()
                            .flatMapToLong(type ->
                                    LongStream.of(changes.written(type, moment).ids())));
            LongStream again =
                    fresh ? LongStream.empty() : before().retries().stream().mapToLong(StoredCoverage.Retry::resId);
            return LongStream.concat(found, again).distinct().toArray();
        });
        return ids.length == 0
                ? source
                : new Decoding(place.database(), place.settings()).of(place.connection(), source, ids);
    }

    private StoredCoverage before() {
        return situation.coverage().orElseThrow();
    }

    private Beginnings beginnings(SourceState state, SourceMoment moment, boolean fresh) throws SQLException {
        return fresh
                ? Beginnings.of(place.connection(), state, moment.snapshot().oldest())
                : Beginnings.after(before(), retention, situation.now());
    }

    private void write(Resources source, SourceState state, SourceMoment moment, boolean fresh) throws SQLException {
        Beginnings beginnings = beginnings(state, moment, fresh);
        long begun = System.nanoTime();
        Optional<Sweep> sweep = source.changes(place.connection(), moment.age(beginnings.swept()));
        if (sweep.isEmpty()) {
            // What cannot be held in memory is no use to anybody: from now on, then.
            beginnings = Beginnings.now(moment.snapshot().oldest());
            sweep = source.changes(place.connection(), moment.age(beginnings.swept()));
        }
        sweepTime = Duration.ofNanos(System.nanoTime() - begun);
        Sweep changes = sweep.orElseThrow(() -> Failure.failed("too many resources changed to keep them in Redis")
                .note("why", "a transaction is open since before millions of them were written")
                .note("try", "rf views status   which names what keeps the oldest transaction open"));
        views = place.rowMaker().views(place.connection(), place.settings(), state.origin());
        RoundWriter writer = new RoundWriter(
                place.store(),
                retention,
                name,
                situation.coverage().filter(_ -> !fresh),
                views.keySet(),
                situation.now());
        ResourceStates states = new ResourceStates(place.connection(), source);
        Map<String, Map<Long, Long>> again = fresh ? Map.of() : again(states);
        Set<String> types = new TreeSet<>(changes.types());
        types.addAll(again.keySet());
        for (String type : types) {
            WrittenResources found = changes.written(type, moment).since(beginnings.of(type));
            long limit = limit(type, found, beginnings.of(type), fresh);
            beginnings = beginnings.with(type, limit);
            add(writer, states, type, found.since(limit), again.getOrDefault(type, Map.of()), fresh);
        }
        writer.finish(coverage(state, moment, beginnings, fresh));
    }

    /** From where on there are not too many to hold. */
    private long limit(String type, WrittenResources found, long from, boolean fresh) {
        if (found.size() > HELD) {
            return found.lastOf(HELD);
        }
        if (fresh || before().counts().getOrDefault(type, 0L) + found.size() <= HELD) {
            return from;
        }
        long kept = place.store().count(type, from);
        return kept + found.size() <= HELD ? from : before().to().oldest();
    }

    /**
     * The transactions of what could not be read in earlier rounds, and of the changes that a view needs which was not
     * known when they were written, by type and internal id.
     */
    private Map<String, Map<Long, Long>> again(ResourceStates states) throws SQLException {
        Map<String, Map<Long, Long>> again = new HashMap<>();
        before().retries()
                .forEach(retry -> again.computeIfAbsent(retry.resourceType(), _ -> new HashMap<>())
                        .put(retry.resId(), retry.transaction()));
        for (Map.Entry<KeptRows, Long> view : views.entrySet()) {
            String type = view.getKey().resourceType();
            if (!before().rows().contains(view.getKey()) && before().counts().containsKey(type)) {
                Map<String, Long> members = place.store().members(type, view.getValue(), BELATED);
                states.numbers(type, members.keySet())
                        .forEach((key, resId) -> again.computeIfAbsent(type, _ -> new HashMap<>())
                                .put(resId, members.getOrDefault(key, 0L)));
            }
        }
        return again;
    }

    private void add(
            RoundWriter writer,
            ResourceStates states,
            String type,
            WrittenResources found,
            Map<Long, Long> again,
            boolean fresh)
            throws SQLException {
        Map<Long, Long> left = new HashMap<>(again);
        for (int start = 0; start < found.size(); start += RedisStore.BATCH) {
            WrittenResources some = found.part(start, RedisStore.BATCH);
            write(writer, states, type, fresh ? some : unknown(states, type, some, again.keySet()));
            LongStream.of(some.ids()).forEach(left::remove);
        }
        write(writer, states, type, WrittenResources.of(left));
    }

    /**
     * Those that Redis does not hold already: a transaction that stays open makes every round find again all that was
     * written since it began. One transaction leaves one version of a resource, so that its id tells whether it is there.
     */
    private WrittenResources unknown(ResourceStates states, String type, WrittenResources found, Set<Long> again)
            throws SQLException {
        List<ResourceStates.Identity> identities = states.identities(type, found);
        List<Boolean> there = place.store().renew(type, identities, retention.of(type));
        Set<Long> wanted = new HashSet<>(again);
        for (int i = 0; i < there.size(); i++) {
            if (!there.get(i)) {
                wanted.add(identities.get(i).resId());
            }
        }
        WrittenResources unknown = found.with(wanted::contains);
        known += found.size() - unknown.size();
        return unknown;
    }

    private void write(RoundWriter writer, ResourceStates states, String type, WrittenResources found)
            throws SQLException {
        if (found.size() == 0) {
            return;
        }
        Map<KeptRows, Map<String, byte[]>> rows = rows(states, type, found);
        for (int start = 0; start < found.size(); start += BODIES) {
            for (ResourceState state : states.read(type, found.part(start, BODIES))) {
                writer.add(state, packed(state, rows));
                switch (state.body()) {
                    case ResourceState.Body.Json _ -> resources++;
                    case ResourceState.Body.Deleted _ -> tombstones++;
                    case ResourceState.Body.Unreadable _ -> {
                        unreadable++;
                        retries.add(new StoredCoverage.Retry(type, state.resId(), state.transaction()));
                    }
                }
            }
        }
    }

    /** What each view makes of them, in the same snapshot in which they are read. */
    private Map<KeptRows, Map<String, byte[]>> rows(ResourceStates states, String type, WrittenResources found)
            throws SQLException {
        Map<KeptRows, Map<String, byte[]>> rows = new HashMap<>();
        for (KeptRows view : views.keySet()) {
            if (view.resourceType().equals(type)) {
                place.rowMaker()
                        .make(states.connection(), states.resources(), view, found.ids())
                        .ifPresent(made -> rows.put(view, made));
            }
        }
        return rows;
    }

    /** A live resource that cannot be read has rows, and nobody knows them. */
    private static Map<KeptRows, byte[]> packed(ResourceState state, Map<KeptRows, Map<String, byte[]>> rows) {
        Map<KeptRows, byte[]> packed = new HashMap<>();
        if (!(state.body() instanceof ResourceState.Body.Unreadable)) {
            rows.forEach((view, made) -> packed.put(
                    view,
                    Optional.ofNullable(made.get(state.key())).orElseGet(() -> new PackedRows(state.key()).bytes())));
        }
        return packed;
    }

    private StoredCoverage coverage(SourceState state, SourceMoment moment, Beginnings beginnings, boolean fresh) {
        return new StoredCoverage(
                name,
                situation.source(),
                state.origin(),
                moment.snapshot(),
                moment.at(),
                situation.now(),
                holder,
                beginnings.standard(),
                beginnings.byType(),
                Map.of(),
                views.keySet(),
                fresh ? List.of() : before().marksAfter(Beginnings.grain(retention), situation.now()),
                retries.stream().distinct().limit(RETRIES).toList());
    }
}
