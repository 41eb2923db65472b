package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.researchflow.rf.batch.Inventory;
import org.researchflow.rf.source.SourceState;

/**
 * What somebody who asks many questions keeps of the earlier ones: the plans of definitions, and the views as the last
 * question found them. Whether these still are what there is, is for the next one to find out.
 */
public final class Remembered {

    private final Plans plans = new Plans();
    private final AtomicReference<Optional<Seen>> last = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Visit>> visit = new AtomicReference<>(Optional.empty());

    /**
     * The views of a database at one moment.
     *
     * @param mark that the catalog had then
     */
    record Seen(Inventory inventory, KnownViews views, String mark) {}

    /** Where the database is, as it was found once, and what time it has by now. */
    private record Visit(SourceState.Place place, long nanos) {
        SourceState.Place now() {
            return new SourceState.Place(place.origin(), place.now().plusNanos(System.nanoTime() - nanos));
        }
    }

    Plans plans() {
        return plans;
    }

    Optional<Seen> last() {
        return last.get();
    }

    void seen(Inventory inventory, KnownViews views) {
        last.set(views.mark().map(mark -> new Seen(inventory, views, mark)));
    }

    /** The place of the database; asks for it the first time. */
    SourceState.Place place(Connection connection) throws SQLException {
        Optional<Visit> before = visit.get();
        if (before.isPresent()) {
            return before.get().now();
        }
        SourceState.Place place = SourceState.place(connection);
        visit.set(Optional.of(new Visit(place, System.nanoTime())));
        return place;
    }

    /** What was remembered is no longer so. */
    void forget() {
        last.set(Optional.empty());
        visit.set(Optional.empty());
    }
}
