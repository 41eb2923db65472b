package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;

/**
 * The end of several views: readers before what they read, and with what reads them, where that may go.
 *
 * @param graph of all views
 * @param views that are to go
 */
record Removals(SqlGraph graph, Collection<String> views, RunOptions options) {

    static Removals read(Connection connection, Collection<String> views, RunOptions options) throws SQLException {
        return new Removals(SqlGraph.read(connection, List.of()), views, options);
    }

    /** Removes them. One view's failure does not stop the others, and none goes unreported. */
    List<Outcome> carriedOut(Connection connection, Database database) {
        List<Outcome> outcomes = new ArrayList<>();
        for (String view : inOrder()) {
            Optional<Failure> needed = needed(view);
            outcomes.add(
                    needed.isPresent() ? new Outcome.Failed(view, needed.get()) : removed(connection, database, view));
        }
        return outcomes;
    }

    /**
     * What would be done. Changes nothing.
     *
     * @param holders who works on a view, by its name
     */
    List<Intention> rehearsed(Connection connection, Map<String, String> holders) throws SQLException {
        List<Intention> intentions = new ArrayList<>();
        for (String view : inOrder()) {
            Optional<Failure> needed = needed(view);
            @Nullable String holder = holders.get(view);
            if (needed.isPresent()) {
                intentions.add(Rehearsal.refused(view, needed.get()));
            } else if (holder != null) {
                intentions.add(
                        Intention.of(view, Intention.Action.SKIP, Optional.of("another run is at it: " + holder)));
            } else {
                intentions.add(Removal.rehearsed(connection, view, options.cascade()));
            }
        }
        return intentions;
    }

    private List<String> inOrder() {
        Set<String> all = new LinkedHashSet<>(views);
        if (options.cascade()) {
            all.addAll(graph.readers(views));
        }
        return graph.inOrder(all).reversed();
    }

    /** Why a view has to stay: others read it that are not to go. */
    private Optional<Failure> needed(String view) {
        Set<String> readers = graph.readers(List.of(view));
        readers.removeAll(views);
        if (options.cascade() || readers.isEmpty()) {
            return Optional.empty();
        }
        Failure failure = Failure.usage(view + " cannot be dropped: " + readers.size()
                + (readers.size() == 1 ? " view reads it" : " views read it"));
        readers.forEach(reader -> failure.note("depends", reader));
        return Optional.of(failure.note("try", "--cascade drops them too"));
    }

    private Outcome removed(Connection connection, Database database, String view) {
        try {
            return Removal.of(connection, view, options);
        } catch (SQLException e) {
            return new Outcome.Failed(view, database.failure(e));
        }
    }
}
