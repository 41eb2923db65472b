package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.SessionLock;
import org.researchflow.rf.db.Transactions;

/** The end of a view: the view itself, all stored tables of its number, and what the catalog knows of it. */
final class Removal {

    private static final String DEPENDENT_OBJECTS = "2BP01";

    private Removal() {}

    /** Removes a view whose lock is free; a user's own relation of that name stays. */
    static Outcome of(Connection connection, String view, RunOptions options) throws SQLException {
        try (SessionLock _ = ViewLock.take(connection, view, options.lockTimeout())) {
            return retried(connection, view, options);
        } catch (Failure e) {
            return e.kind() == Failure.Kind.LOCKED ? new Outcome.Locked(view, e) : new Outcome.Failed(view, e);
        }
    }

    /** What would be done: the statements, or why not. Changes nothing. */
    static Intention rehearsed(Connection connection, String view, boolean cascade) throws SQLException {
        List<String> sql = new ArrayList<>();
        long number = Catalog.number(connection, view).orElse(0L);
        try {
            for (ViewPlace place : places(connection, view, cascade)) {
                Optional<PublishedView> there = place.find(number).filter(PublishedView::ours);
                if (there.isPresent()) {
                    place.requireNoDependents(there.get());
                    sql.add(place.drop(there.get()));
                }
            }
        } catch (Failure e) {
            return Rehearsal.refused(view, e);
        }
        for (StoredTables.Table table : StoredTables.generations(connection, number)) {
            sql.add(table.drop(cascade));
        }
        return new Intention(view, Intention.Action.DROP, Optional.empty(), Optional.empty(), sql);
    }

    private static Outcome retried(Connection connection, String view, RunOptions options) throws SQLException {
        Backoff backoff = new Backoff(options.patience());
        while (true) {
            try {
                return Transactions.write(connection, _ -> remove(connection, view, options.cascade()));
            } catch (SQLException e) {
                if (!Publication.IN_THE_WAY.contains(e.getSQLState()) || !backoff.pause()) {
                    throw e;
                }
            }
        }
    }

    private static Outcome remove(Connection connection, String view, boolean cascade) throws SQLException {
        Optional<Long> number = Catalog.number(connection, view);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '100ms'");
            if (number.isPresent()) {
                removeNumbered(connection, statement, view, number.get(), cascade);
            }
        }
        Catalog.forget(connection, view);
        return new Outcome.Dropped(view);
    }

    /** Something that somebody built on the stored rows themselves is no reason to fail without a word. */
    private static void dropStore(Statement statement, String view, StoredTables.Table table, boolean cascade)
            throws SQLException {
        try {
            statement.execute(table.drop(cascade));
        } catch (SQLException e) {
            if (!DEPENDENT_OBJECTS.equals(e.getSQLState())) {
                throw e;
            }
            throw Failure.usage(view + " cannot be dropped: something depends on its stored rows in "
                            + Generation.store(table.number(), table.generation()))
                    .note("try", "--cascade drops it too")
                    .causedBy(e);
        }
    }

    private static void removeNumbered(
            Connection connection, Statement statement, String view, long number, boolean cascade) throws SQLException {
        for (ViewPlace place : places(connection, view, cascade)) {
            Optional<PublishedView> there = place.find(number).filter(PublishedView::ours);
            if (there.isPresent()) {
                place.requireNoDependents(there.get());
                statement.execute(place.drop(there.get()));
            }
        }
        for (StoredTables.Table table : StoredTables.generations(connection, number)) {
            dropStore(statement, view, table, cascade);
        }
    }

    /** The live view first: it reads what the other one reads, and what rf knows of it. */
    private static List<ViewPlace> places(Connection connection, String view, boolean cascade) throws SQLException {
        return Stream.of(LiveView.SCHEMA, Catalog.form(connection, view).schema())
                .map(schema -> new ViewPlace(connection, schema, view, "", cascade))
                .toList();
    }
}
