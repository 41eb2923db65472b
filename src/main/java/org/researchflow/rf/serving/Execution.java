package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Feeds;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.sql.Sql;

/**
 * The statement of a question, which runs and is read.
 *
 * @param connection to the database
 * @param reader makes something of its rows
 * @param watcher is told of it
 * @param timings of all steps of the answer, of those as well whose result was thrown away
 */
record Execution<T>(Connection connection, Serving.Reader<T> reader, Serving.Watcher watcher, Timings timings) {

    /** A plan that is kept for the next question takes all changes for a handful, and loops over more than these. */
    private static final int MANY_CHANGES = 1_000;

    /** Such a plan takes every list for one of ten. */
    private static final int LONG_LIST = 20;

    /** Rows are fetched so many at a time, so that any number of them fits into memory. */
    private static final int FETCH_SIZE = 1000;

    /**
     * Runs it in a transaction; should a row's data make it fail, says which column of which view it was.
     *
     * @param runner says what the names of the views stand for
     * @param told what the resources rest on, where FHIR servers told them
     */
    Served<T> of(Asked asked, Runner runner, List<KnownView> views, Optional<Feeds.Told> told) throws SQLException {
        Relations found = runner.relations(connection, views, timings);
        Relations relations = asked.beside().apply(told.map(found::resting).orElse(found));
        if (relations.areStored()) {
            return over(asked, relations);
        }
        Savepoint before = connection.setSavepoint();
        try {
            return over(asked, relations, before);
        } catch (SQLException e) {
            Optional<DataError> error = DataError.in(e).filter(data -> !data.raised());
            if (error.isPresent()) {
                connection.rollback(before);
                Optional<Failure> failure = runner.failure(connection, views, error.get());
                if (failure.isPresent()) {
                    throw failure.get();
                }
            }
            throw e;
        }
    }

    /** Runs it; a changed resource on which a view's SQL fails is left out, and the answer says so. */
    private Served<T> over(Asked asked, Relations relations, Savepoint before) throws SQLException {
        try {
            return over(asked, relations);
        } catch (SQLException e) {
            Optional<Relations> others = DataError.in(e).isPresent() ? withoutBad(relations, before) : Optional.empty();
            if (others.isEmpty()) {
                throw e;
            }
            return over(asked, others.get());
        }
    }

    /** Runs it over what the names of the views stand for. */
    Served<T> over(Asked asked, Relations relations) throws SQLException {
        Sql sql = asked.statement().apply(relations);
        try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
            // PostgreSQL uses no parallel workers for what is fetched in portions.
            statement.setFetchSize(asked.listing() ? FETCH_SIZE : 0);
            if (relations.newer().changes() > MANY_CHANGES || hasLongList(sql)) {
                statement.unwrap(PGStatement.class).setPrepareThreshold(0);
            }
            int changes = relations.changeParameters();
            bind(statement, sql.parameters(), changes);
            // Whoever watches may show the statement with its values: those of the changes are patients' data.
            try (Serving.Watch _ = watcher.running(statement)) {
                Binding.bind(statement, sql.parameters(), 0, changes);
                try (ResultSet rows = statement.executeQuery()) {
                    T result = reader.read(rows, relations);
                    timings.done("sql");
                    return new Served<>(result, relations, timings.milliseconds());
                }
            }
        }
    }

    private static boolean hasLongList(Sql sql) {
        return sql.parameters().stream().anyMatch(value -> value instanceof String[] texts && texts.length > LONG_LIST);
    }

    /** The same relations without the changes on which a view's SQL fails; empty when there are none of these. */
    private Optional<Relations> withoutBad(Relations relations, Savepoint before) throws SQLException {
        if (relations.merge().isEmpty()) {
            return Optional.empty();
        }
        Merge merge = relations.merge().get();
        connection.rollback(before);
        BadChanges.Found bad = new BadChanges(connection, merge).find();
        return merge.leftOut().isEmpty() && !bad.numbers().isEmpty()
                ? Optional.of(relations.leavingOut(merge.leavingOut(bad.numbers()), bad.complaints()))
                : Optional.empty();
    }

    private static void bind(PreparedStatement statement, List<@Nullable Object> parameters, int from)
            throws SQLException {
        for (int i = from; i < parameters.size(); i++) {
            if (parameters.get(i) instanceof String[] texts) {
                // As its literal, so that the statement can be shown with its values; and of no type, so that it is the
                // array itself that PostgreSQL plans with: what is cast from a text it knows only as it runs.
                statement.setObject(
                        i + 1,
                        statement.getConnection().createArrayOf("text", texts).toString(),
                        Types.OTHER);
            } else {
                statement.setObject(i + 1, parameters.get(i));
            }
        }
    }
}
