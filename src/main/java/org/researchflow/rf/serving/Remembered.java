package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.researchflow.rf.batch.Inventory;
import org.researchflow.rf.source.SourceState;

/**
 * What somebody who asks many questions keeps of the earlier ones: the plans of definitions, and the views as the last
 * question found them. Whether these still are what there is, is for the next one to find out.
 */
public final class Remembered {

    private static final Duration RECENT = Duration.ofSeconds(10);

    private final Plans plans = new Plans();
    // As the driver has them: a pool gives each time another object for the same.
    private final Set<PGConnection> sessions =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));
    private final AtomicReference<@Nullable Seen> last = new AtomicReference<>();
    private final AtomicReference<Optional<Visit>> visit = new AtomicReference<>(Optional.empty());

    /**
     * The views of a database at one moment.
     *
     * @param mark that the catalog had then
     * @param questions that were asked of them, as long as somebody keeps these
     */
    record Seen(
            Inventory inventory,
            KnownViews views,
            String mark,
            Map<Serving.CountQuestion<?>, AtOnce.Standing> questions) {

        Seen(Inventory inventory, KnownViews views, String mark) {
            this(inventory, views, mark, Collections.synchronizedMap(new WeakHashMap<>()));
        }

        /** What a question is of these views; made when it is first asked of them. */
        AtOnce.Standing standing(Serving.CountQuestion<?> question, AtOnce asked) {
            AtOnce.@Nullable Standing known = questions.get(question);
            if (known != null && known.of().equals(asked)) {
                return known;
            }
            AtOnce.Standing standing = asked.standing(this, question);
            questions.put(question, standing);
            return standing;
        }
    }

    /** Where the database is, as it was found a moment ago by this machine's clock. */
    private record Visit(SourceState.Place place, Instant at) {

        /** What time the database has by now; empty where that is long ago, or a clock was set. */
        Optional<SourceState.Place> at(Instant now) {
            Duration since = Duration.between(at, now);
            return since.isNegative() || since.compareTo(RECENT) > 0
                    ? Optional.empty()
                    : Optional.of(
                            new SourceState.Place(place.origin(), place.now().plus(since)));
        }
    }

    Plans plans() {
        return plans;
    }

    /** What the views are; what was made of them before is kept if they are what they were. */
    void seen(Inventory inventory, KnownViews views) {
        last.updateAndGet(before -> views.mark()
                .map(mark -> before != null
                                && before.mark().equals(mark)
                                && before.inventory().equals(inventory)
                        ? before
                        : new Seen(inventory, views, mark))
                .orElse(null));
    }

    /** The place of the database; asks for it now and then. */
    SourceState.Place place(Connection connection) throws SQLException {
        Instant now = Instant.now();
        Optional<SourceState.Place> known = visit.get().flatMap(before -> before.at(now));
        if (known.isPresent()) {
            return known.get();
        }
        SourceState.Place place = SourceState.place(connection);
        visit.set(Optional.of(new Visit(place, Instant.now())));
        return place;
    }

    /** A session has answered in the usual way, which has set it up. */
    void answered(Connection session) throws SQLException {
        sessions.add(session.unwrap(PGConnection.class));
    }

    /** What the views were, if they are remembered and the session has answered before. */
    Optional<Seen> last(Connection session) throws SQLException {
        return sessions.contains(session.unwrap(PGConnection.class))
                ? Optional.ofNullable(last.get())
                : Optional.empty();
    }

    /** What was remembered is no longer so. */
    void forget() {
        last.set(null);
        visit.set(Optional.empty());
    }

    /** This is no longer so; what somebody else has found meanwhile may be. */
    void forget(Seen seen) {
        last.compareAndSet(seen, null);
        visit.set(Optional.empty());
    }
}
