package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Intention.Action;

/** What a {@link SqlRun} would do, found out as it would find it out; changes nothing. */
record SqlRehearsal(Connection connection, SqlGraph graph) {

    List<Intention> over(Collection<String> views, SqlDecision decision) throws SQLException {
        List<Intention> intentions = new ArrayList<>();
        if (views.isEmpty()) {
            return intentions;
        }
        Map<String, String> holders = ViewLock.holders(connection, views);
        boolean first = !CatalogTables.exist(connection);
        for (String view : graph.inOrder(new LinkedHashSet<>(views))) {
            @Nullable String holder = holders.get(view);
            if (holder != null) {
                intentions.add(Intention.of(view, Action.SKIP, Optional.of("another run is at it: " + holder)));
            } else if (first) {
                intentions.add(Intention.of(view, Action.BUILD, Optional.of("it is new")));
            } else {
                intentions.add(intention(view, decision));
            }
        }
        return intentions;
    }

    private Intention intention(String view, SqlDecision decision) throws SQLException {
        try {
            return switch (decision.decide(connection, view)) {
                case SqlWork.Settled _ ->
                    Intention.of(view, Action.NOTHING, Optional.of("it exists with this definition"));
                case SqlWork.Refresh _ ->
                    Intention.of(view, Action.BUILD, Optional.of("PostgreSQL refreshes it while people read it"));
                case SqlWork.Make make
                when make.sufficient().isPresent() ->
                    Intention.of(view, Action.PUBLISH, Optional.of("it is built and waits for that"));
                case SqlWork.Make make ->
                    Intention.of(
                            view,
                            Action.BUILD,
                            Optional.of(
                                    make.number().isEmpty()
                                            ? "it is new"
                                            : make.fresh()
                                                    ? "a new generation takes the place of the last"
                                                    : "--replace"));
            };
        } catch (Failure e) {
            return Rehearsal.refused(view, e);
        }
    }
}
