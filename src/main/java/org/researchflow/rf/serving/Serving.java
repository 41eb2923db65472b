package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.researchflow.rf.batch.Feeds;
import org.researchflow.rf.batch.Inventory;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.batch.SqlGraph;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.Question;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.cohort.ViewShape;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.sql.Sql;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.ViewDefinition;

/**
 * Answers questions over views, each in one read-only transaction: first the catalog is read, then what changed since,
 * then the one statement runs over exactly what the catalog named.
 *
 * @param database where the views are
 * @param settings that decide rows
 * @param runner who executes the statement
 * @param options how answers are looked for
 * @param remembered of the questions before
 */
public record Serving(
        Database database, SourceSettings settings, RunnerName runner, ServingOptions options, Remembered remembered) {

    /** A table that is not there: its generation was replaced after the catalog was read. */
    private static final String UNDEFINED_TABLE = "42P01";

    private static final int TRIES = 3;

    /** A table of all patients fits into it, and so does a bitmap of all rows: PostgreSQL's default is for many at once. */
    private static final String MEMORY = """
            select set_config('work_mem', '32MB', false)
             where pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('32MB')
            """;

    public Serving(Database database, SourceSettings settings, RunnerName runner, ServingOptions options) {
        this(database, settings, runner, options, new Remembered());
    }

    public Serving(Database database, SourceSettings settings, RunnerName runner) {
        this(database, settings, runner, ServingOptions.DEFAULT);
    }

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
        return connected(connection -> answer(connection, asking, reader, watcher));
    }

    /**
     * Runs a SQLQuery.
     *
     * @throws org.researchflow.rf.Failure if what it reads is not there, or the database cannot answer
     */
    public <T> Served<T> answer(SqlQuestion question, Reader<T> reader, Watcher watcher) {
        return connected(
                connection -> answered(connection, (inside, known) -> asked(inside, known, question), reader, watcher));
    }

    private static Asked asked(Connection connection, KnownViews known, SqlQuestion question) throws SQLException {
        SqlGraph graph = SqlGraph.read(connection, known.unmaterialized());
        Map<String, Set<String>> reads = question.reads(graph, known);
        Collection<Instant> stored = question.stored(connection, graph).values();
        boolean alone = reads.isEmpty() && !question.readsTables(graph);
        Sql sql = question.sql(graph);
        return new Asked(
                reads, relations -> relations.around(sql), relations -> relations.besideStored(stored, alone), true);
    }

    /** What is asked of the views that there are, in the transaction that found them. */
    @FunctionalInterface
    private interface InTransaction {
        Asked of(Connection connection, KnownViews views) throws SQLException;
    }

    /** Asks a question over a connection that is kept: a new session first has to read the server's catalogs anew. */
    public <T> Served<T> answer(Connection connection, Asking asking, Reader<T> reader, Watcher watcher) {
        return answered(connection, (_, views) -> Asked.of(asking.of(views)), reader, watcher);
    }

    /**
     * A question for a number of patients.
     *
     * @param <T> what is made of its answer
     * @param count its answer is one row with the number, or several
     * @param reader of these rows, on the last of which it stops
     * @param number the number, in what was made of the rows
     * @param patients a question over the same views whose answer is the keys of those who count, one a row and nothing
     *     else
     */
    public record CountQuestion<T>(Asking count, Reader<T> reader, ToLongFunction<T> number, Asking patients) {

        /** For the number of a cohort's patients, and nothing else. */
        public static CountQuestion<Long> of(Cohort cohort) {
            return of(
                    cohort,
                    (rows, _) -> {
                        rows.next();
                        return rows.getLong(1);
                    },
                    Long::longValue);
        }

        /**
         * For the number of a cohort's patients.
         *
         * @param reader also of what else is counted on the way
         */
        public static <T> CountQuestion<T> of(Cohort cohort, Reader<T> reader, ToLongFunction<T> number) {
            return new CountQuestion<>(
                    views -> CohortSql.count(cohort, views), reader, number, views -> CohortSql.members(cohort, views));
        }
    }

    /** Asks how many patients there are, and on which side of the merge they are. */
    public <T> Served<Counted<T>> count(CountQuestion<T> question, Watcher watcher) {
        return connected(connection -> count(connection, question, watcher));
    }

    /** The same over a connection that is kept. A question that is kept as well is made into SQL once. */
    public <T> Served<Counted<T>> count(Connection connection, CountQuestion<T> question, Watcher watcher) {
        Execution<Counted<T>> execution = new Execution<>(
                connection, Counting.reading(question.reader(), question.number()), watcher, new Timings());
        Served<Counted<T>> answer = atOnce(question, execution)
                .orElseGet(() -> inOneTransaction((_, views) -> Asked.of(question, views), execution));
        return logged(connection, answer);
    }

    private <T> Optional<Served<Counted<T>>> atOnce(CountQuestion<T> question, Execution<Counted<T>> execution) {
        try {
            return new AtOnce(remembered, settings, runner, options).count(question, execution);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** What the query log says; empty where there is none, or the role may not read it. */
    public Optional<Statistics> statistics() {
        return connected(QueryLog::read);
    }

    private <T> T connected(Transactions.Work<T> work) {
        try (Connection connection = database.connect()) {
            return work.on(connection);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    private <T> Served<T> answered(Connection connection, InTransaction asking, Reader<T> reader, Watcher watcher) {
        return logged(
                connection, inOneTransaction(asking, new Execution<>(connection, reader, watcher, new Timings())));
    }

    private <T> Served<T> logged(Connection connection, Served<T> answer) {
        if (options.logged()) {
            QueryLog.write(connection, answer, options.question());
        }
        return answer;
    }

    private <T> Served<T> inOneTransaction(InTransaction asking, Execution<T> execution) {
        Connection connection = execution.connection();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    Served<T> answer = Transactions.read(connection, MEMORY, _ -> within(asking, execution));
                    remembered.answered(connection);
                    return answer;
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
            return new Execution<>(connection, reader, watcher, new Timings())
                    .of(
                            Asked.of(rows),
                            new PostgresRunner(settings.on(connection)),
                            List.of(KnownView.of(plan, Optional.empty())),
                            Optional.empty());
        });
    }

    /**
     * The SQL that makes the rows of a view over this server's tables.
     *
     * @throws org.researchflow.rf.Failure if there is no such view
     */
    public String sql(String view) {
        return inDatabase(connection -> sql(
                connection,
                KnownViews.read(
                                connection,
                                Inventory.of(connection, settings.hapiSchema()),
                                runner,
                                List.of(),
                                remembered.plans())
                        .view(view)
                        .plan()));
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
        return connected(connection -> Transactions.read(connection, work));
    }

    private <T> Served<T> within(InTransaction asking, Execution<T> execution) throws SQLException {
        Connection connection = execution.connection();
        Inventory inventory = Inventory.of(connection, settings.hapiSchema());
        KnownViews known = KnownViews.read(connection, inventory, runner, options.reaching(), remembered.plans());
        Asked asked = asking.of(connection, known);
        List<KnownView> views = asked.views(known);
        SourceSettings here = views.isEmpty() ? settings : settings.on(inventory);
        Runner chosen = views.isEmpty() ? new TablesRunner(runner) : runnerFor(here);
        Optional<Feeds.Told> told = views.isEmpty() ? Optional.empty() : told(connection, here, views);
        execution.timings().done("catalog");
        Served<T> answer = execution.of(asked, chosen, views, told);
        if (answer.relations().mayComeAtOnce()) {
            remembered.seen(inventory, known);
        } else {
            remembered.forget();
        }
        return answer;
    }

    /** What the resources of rf's own table rest on, where FHIR servers told them. */
    private static Optional<Feeds.Told> told(Connection connection, SourceSettings here, List<KnownView> views)
            throws SQLException {
        return here.source() == SourceName.RESOURCES
                ? Feeds.told(
                        connection,
                        views.stream().map(view -> view.plan().resourceType()).toList())
                : Optional.empty();
    }

    private Runner runnerFor(SourceSettings here) {
        if (options.since().isPresent()) {
            return new SinceRunner(here, runner, options.since().get());
        }
        return switch (runner) {
            case MATERIALIZED -> new MaterializedRunner(here);
            case POSTGRES -> new PostgresRunner(here);
            case HYBRID -> new HybridRunner(here, options.speed(), options.freshness());
            case SPEED -> new SpeedRunner(here, options.speed());
        };
    }
}
