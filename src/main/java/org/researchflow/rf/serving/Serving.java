package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.cohort.Question;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.cohort.ViewShape;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.sql.Sql;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.ViewDefinition;

/**
 * Answers questions over views, each in one read-only transaction: first the catalog is read, then the one statement
 * runs over exactly what the catalog named.
 *
 * @param database where the views are
 * @param settings that decide rows
 * @param runner who executes the statement
 */
public record Serving(Database database, SourceSettings settings, RunnerName runner) {

    /** A table that is not there: its generation was replaced after the catalog was read. */
    private static final String UNDEFINED_TABLE = "42P01";

    private static final int TRIES = 3;

    /** Rows are fetched so many at a time, so that any number of them fits into memory. */
    private static final int FETCH_SIZE = 1000;

    /** A question that depends on the views there are. */
    @FunctionalInterface
    public interface Asking {
        Question of(KnownViews views);
    }

    /** Makes something of the rows of a statement. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet rows, Relations relations) throws SQLException;
    }

    /** Told of a statement just before it runs, and by the closing of what it returns that it has ended. */
    @FunctionalInterface
    public interface Watcher {
        Watch running(PreparedStatement statement);
    }

    /** Closed when a statement has ended. */
    @FunctionalInterface
    public interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Asks a question.
     *
     * @throws org.researchflow.rf.Failure if no view carries what it needs, or the database cannot answer
     */
    public <T> Served<T> answer(Asking asking, Reader<T> reader, Watcher watcher) {
        try (Connection connection = database.connect()) {
            return answer(connection, asking, reader, watcher);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** Asks a question over a connection that is kept: a new session first has to read the server's catalogs anew. */
    public <T> Served<T> answer(Connection connection, Asking asking, Reader<T> reader, Watcher watcher) {
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return Transactions.read(connection, inside -> within(inside, asking, reader, watcher));
                } catch (SQLException e) {
                    if (!UNDEFINED_TABLE.equals(e.getSQLState()) || attempt == TRIES) {
                        throw e;
                    }
                }
            }
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** The first rows of a view that need not be known, computed on the fly. */
    public <T> Served<T> preview(ViewDefinition view, int limit, Reader<T> reader, Watcher watcher) {
        ViewPlan plan = ViewCompiler.compile(view);
        return inDatabase(connection -> {
            Question rows = RowFilter.rows(new ViewShape(plan), List.of(), Optional.of((long) limit));
            return run(
                    connection,
                    rows,
                    new PostgresRunner(settings.on(connection)),
                    List.of(new KnownView(plan, Optional.empty())),
                    reader,
                    watcher,
                    new LinkedHashMap<>());
        });
    }

    /**
     * The SQL that makes the rows of a view over this server's tables.
     *
     * @throws org.researchflow.rf.Failure if there is no such view
     */
    public String sql(String view) {
        return inDatabase(connection ->
                sql(connection, KnownViews.read(connection, runner).view(view).plan()));
    }

    /** The SQL that makes the rows of a view that need not be known yet. */
    public String sql(ViewDefinition view) {
        ViewPlan plan = ViewCompiler.compile(view);
        return inDatabase(connection -> sql(connection, plan));
    }

    private String sql(Connection connection, ViewPlan plan) throws SQLException {
        return ViewSql.rows(
                        settings.reading().of(plan),
                        new PostgresRunner(settings.on(connection)).resources(connection, plan))
                .text();
    }

    private <T> T inDatabase(Transactions.Work<T> work) {
        try (Connection connection = database.connect()) {
            return Transactions.read(connection, work);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    private <T> Served<T> within(Connection connection, Asking asking, Reader<T> reader, Watcher watcher)
            throws SQLException {
        Map<String, Double> timings = new LinkedHashMap<>();
        long start = System.nanoTime();
        KnownViews known = KnownViews.read(connection, runner);
        Question question = asking.of(known);
        List<KnownView> views = question.reads().entrySet().stream()
                .map(read -> known.view(read.getKey()).reading(read.getValue()))
                .toList();
        Runner chosen = runnerFor(views, settings.on(connection));
        timings.put("catalog", milliseconds(start, System.nanoTime()));
        return run(connection, question, chosen, views, reader, watcher, timings);
    }

    /** Runs the statement; should a row's data make it fail, says which column of which view it was. */
    private static <T> Served<T> run(
            Connection connection,
            Question question,
            Runner runner,
            List<KnownView> views,
            Reader<T> reader,
            Watcher watcher,
            Map<String, Double> timings)
            throws SQLException {
        Relations relations = runner.relations(connection, views);
        Savepoint before = connection.setSavepoint();
        try {
            return run(connection, question, relations, reader, watcher, timings);
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

    private static <T> Served<T> run(
            Connection connection,
            Question question,
            Relations relations,
            Reader<T> reader,
            Watcher watcher,
            Map<String, Double> timings)
            throws SQLException {
        Sql sql = relations.around(question.sql());
        long prepared = System.nanoTime();
        try (PreparedStatement statement = connection.prepareStatement(sql.text())) {
            statement.setFetchSize(FETCH_SIZE);
            bind(statement, sql.parameters());
            try (Watch _ = watcher.running(statement);
                    ResultSet rows = statement.executeQuery()) {
                T result = reader.read(rows, relations);
                timings.put("sql", milliseconds(prepared, System.nanoTime()));
                return new Served<>(result, relations, timings);
            }
        }
    }

    private Runner runnerFor(List<KnownView> views, SourceSettings here) {
        boolean materialized = views.stream().allMatch(view -> view.isStoredFor(here));
        return switch (runner) {
            case MATERIALIZED -> new MaterializedRunner(here);
            case POSTGRES -> new PostgresRunner(here);
            // Views of one question must be of one moment: if one has to be computed, all are.
            case HYBRID -> materialized ? new MaterializedRunner(here) : new PostgresRunner(here);
        };
    }

    private static void bind(PreparedStatement statement, List<@Nullable Object> parameters) throws SQLException {
        for (int i = 0; i < parameters.size(); i++) {
            if (parameters.get(i) instanceof String[] texts) {
                // As its literal, so that the statement can be shown with its values.
                statement.setString(
                        i + 1,
                        statement.getConnection().createArrayOf("text", texts).toString());
            } else {
                statement.setObject(i + 1, parameters.get(i));
            }
        }
    }

    private static double milliseconds(long from, long to) {
        return Math.round((to - from) / 1000.0) / 1000.0;
    }
}
