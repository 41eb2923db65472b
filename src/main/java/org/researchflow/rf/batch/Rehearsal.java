package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Intention.Action;
import org.researchflow.rf.sql.ViewSql;

/**
 * What a {@link Run} would do, found out as it would find it out, in a transaction that can change nothing.
 *
 * @param source of the resources
 */
record Rehearsal(Connection connection, Source source) {

    List<Intention> over(Collection<String> views, Decision decision) throws SQLException {
        Map<String, String> holders = ViewLock.holders(connection, views);
        Map<String, Work.Update> updates = new LinkedHashMap<>();
        Map<String, Intention> intentions = new LinkedHashMap<>();
        for (String view : views) {
            if (holders.containsKey(view)) {
                intentions.put(
                        view,
                        Intention.of(view, Action.SKIP, Optional.of("another run is at it: " + holders.get(view))));
                continue;
            }
            switch (decided(view, decision)) {
                case Work.Settled(Outcome outcome) -> intentions.put(view, settled(outcome));
                case Work.Make make -> intentions.put(view, build(make));
                case Work.Update update -> {
                    // Keeps its place among the others.
                    intentions.put(view, Intention.of(view, Action.INCREMENTAL, Optional.empty()));
                    updates.put(view, update);
                }
            }
        }
        ChangedResources changed = ChangedResources.find(connection, source, updates.values());
        updates.forEach((view, update) -> intentions.put(view, refresh(update, changed.of(update))));
        return new ArrayList<>(intentions.values());
    }

    private Work decided(String view, Decision decision) throws SQLException {
        try {
            return decision.decide(connection, view, source.state());
        } catch (Failure e) {
            return new Work.Settled(new Outcome.Failed(view, e));
        }
    }

    private static Intention settled(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed(String view, Failure failure, Optional<Instant> _) -> refused(view, failure);
            case Outcome.Locked(String view, Failure failure) ->
                Intention.of(view, Action.SKIP, Optional.of(failure.what()));
            case Outcome.Unchanged _,
                    Outcome.Built _,
                    Outcome.Refreshed _,
                    Outcome.Recomputed _,
                    Outcome.Pending _,
                    Outcome.Dropped _ ->
                Intention.of(outcome.view(), Action.NOTHING, Optional.of("it exists with this definition"));
        };
    }

    static Intention refused(String view, Failure failure) {
        String advice = String.join("; ", failure.notes().getOrDefault("try", List.of()));
        return Intention.of(
                view, Action.REFUSE, Optional.of(failure.what() + (advice.isEmpty() ? "" : "; try: " + advice)));
    }

    private static Intention build(Work.Make make) {
        String view = make.definition().name();
        if (make.sufficient(ViewSql.VERSION).isPresent()) {
            return Intention.of(view, Action.PUBLISH, Optional.of("it is built and waits for that"));
        }
        return Intention.of(
                view,
                Action.BUILD,
                make.because().or(() -> Optional.of(make.number().isPresent() ? "--replace" : "it is new")));
    }

    private static Intention refresh(Work.Update update, Optional<long[]> changed) {
        return changed.map(ids -> new Intention(
                        update.view(),
                        Action.INCREMENTAL,
                        update.reconcile()
                                ? Optional.of("expunged and tagged resources are looked for, too")
                                : Optional.empty(),
                        Optional.of((long) ids.length),
                        List.of()))
                .orElseGet(() -> build(update.instead().because(Work.TOO_MANY_CHANGES)));
    }
}
