package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Types;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGStatement;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Catalog;
import org.researchflow.rf.batch.Feeds;
import org.researchflow.rf.batch.Inventory;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.batch.SqlGraph;
import org.researchflow.rf.cohort.Question;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.cohort.ViewShape;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.sql.Layout;
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

    /** PostgreSQL's class of errors about what is not there, or is of another type. */
    private static final String OTHERS = "42";

    private static final int TRIES = 3;

    /** A table of all patients fits into it, and so does a bitmap of all rows: PostgreSQL's default is for many at once. */
    private static final String MEMORY = """
            select set_config('work_mem', '32MB', false)
             where pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('32MB')
            """;

    /** A plan that is kept for the next question takes all changes for a handful, and loops over more than these. */
    private static final int MANY_CHANGES = 1_000;

    /** Such a plan takes every list for one of ten. */
    private static final int LONG_LIST = 20;

    /** Rows are fetched so many at a time, so that any number of them fits into memory. */
    private static final int FETCH_SIZE = 1000;

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
     * What is asked.
     *
     * @param reads the columns that it reads of each view, by the view's name
     * @param statement what is run over what the names of the views stand for
     * @param beside what else is read changes in what the views are complete for
     * @param listing whether the answer can be of any length
     */
    private record Asked(
            Map<String, Set<String>> reads,
            Function<Relations, Sql> statement,
            UnaryOperator<Relations> beside,
            boolean listing) {

        static Asked of(Question question) {
            return new Asked(
                    question.reads(),
                    relations -> relations.around(question.sql()),
                    UnaryOperator.identity(),
                    question.listing());
        }

        static <T> Asked of(CountQuestion<T> asking, KnownViews views) {
            Question count = asking.count().of(views);
            Question patients = asking.patients().of(views);
            Map<String, Set<String>> reads = new LinkedHashMap<>();
            for (Question question : List.of(count, patients)) {
                question.reads()
                        .forEach((view, columns) -> reads.computeIfAbsent(view, _ -> new LinkedHashSet<>())
                                .addAll(columns));
            }
            return new Asked(reads, new Counting(count.sql(), patients.sql())::over, UnaryOperator.identity(), false);
        }

        /** The views that it reads, of each the columns. */
        List<KnownView> views(KnownViews known) {
            return reads.entrySet().stream()
                    .map(read -> known.view(read.getKey()).reading(read.getValue()))
                    .toList();
        }

        /** The same with a mark in each row. */
        Asked marked(String mark) {
            return new Asked(
                    reads,
                    relations -> {
                        Sql sql = statement.apply(relations);
                        return new Sql(
                                "select answer.*, " + mark + " as " + MARK + "\nfrom " + Layout.nested(sql.text())
                                        + " as answer",
                                sql.parameters());
                    },
                    beside,
                    listing);
        }
    }

    /** Of a count's rows, what its mark is. */
    private static final String MARK = "rf_mark";

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
    public record CountQuestion<T>(Asking count, Reader<T> reader, ToLongFunction<T> number, Asking patients) {}

    /** Asks how many patients there are, and on which side of the merge they are. */
    public <T> Served<Counted<T>> count(CountQuestion<T> question, Watcher watcher) {
        return connected(connection -> count(connection, question, watcher));
    }

    /** The same over a connection that is kept. */
    public <T> Served<Counted<T>> count(Connection connection, CountQuestion<T> question, Watcher watcher) {
        Reader<Counted<T>> reader = Counting.reading(question.reader(), question.number());
        Served<Counted<T>> answer = atOnce(connection, question, reader, watcher)
                .orElseGet(
                        () -> inOneTransaction(connection, (_, views) -> Asked.of(question, views), reader, watcher));
        return logged(connection, answer);
    }

    /**
     * A count in one statement, with the views as they were at the last question; empty if they no longer are, or it takes
     * more than that. The statement reads the marks of catalog and database in the snapshot of the rows.
     */
    private <T> Optional<Served<Counted<T>>> atOnce(
            Connection connection, CountQuestion<T> question, Reader<Counted<T>> reader, Watcher watcher) {
        if (!options.areForStoredRows()) {
            return Optional.empty();
        }
        try {
            Optional<Remembered.Seen> last = remembered.last(connection);
            if (last.isEmpty()) {
                return Optional.empty();
            }
            Remembered.Seen seen = last.get();
            Timings timings = new Timings();
            SourceSettings here = settings.on(seen.inventory());
            Asked asked = Asked.of(question, seen.views());
            List<KnownView> views = asked.views(seen.views());
            // What FHIR servers told is read beside the catalog.
            if (here.source() == SourceName.RESOURCES || views.isEmpty()) {
                return Optional.empty();
            }
            timings.done("catalog");
            Optional<Mark> mark = mark(connection, seen, here, views, timings);
            if (mark.isEmpty()) {
                return Optional.empty();
            }
            Served<Marked<Counted<T>>> answer = run(
                    connection,
                    asked.marked(mark.get().sql()),
                    mark.get().relations(),
                    new Handling<>(Marked.reading(reader), watcher, timings, Optional.empty()));
            if (mark.get().text().equals(answer.result().mark())) {
                return Optional.of(new Served<>(answer.result().result(), answer.relations(), answer.timings()));
            }
        } catch (Failure e) {
            // It may be about views that are others by now; if not, it will come again.
            return Optional.empty();
        } catch (SQLException e) {
            // Views that are others by now; or data, of which the usual way finds out whose.
            if (!String.valueOf(e.getSQLState()).startsWith(OTHERS)
                    && DataError.in(e).isEmpty()) {
                throw database.failure(e);
            }
        }
        remembered.forget();
        return Optional.empty();
    }

    /**
     * What an answer rests on that is given at once.
     *
     * @param sql that finds out whether it still holds
     * @param text what that gives, if it does
     */
    private record Mark(Relations relations, String sql, String text) {}

    private Optional<Mark> mark(
            Connection connection, Remembered.Seen seen, SourceSettings here, List<KnownView> views, Timings timings)
            throws SQLException {
        return switch (runner) {
            case MATERIALIZED ->
                Optional.of(new Mark(new MaterializedRunner(here).relations(views), Catalog.MARK, seen.mark()));
            case HYBRID -> {
                if (!(options.speed() instanceof SpeedSide.Present present)) {
                    yield Optional.empty();
                }
                // Changes of another database, or of before a failover, are not its own.
                SourceState.Place place = remembered.place(connection);
                timings.done("coverage");
                yield new HybridRunner(here, present, options.freshness())
                        .atOnce(place, views, timings)
                        .map(relations -> new Mark(
                                relations,
                                "concat(" + Catalog.MARK + ", ' ', " + SourceState.ORIGIN + ")",
                                seen.mark() + ' ' + place.origin()));
            }
            case POSTGRES, SPEED -> Optional.empty();
        };
    }

    /** An answer, and what its mark is. */
    private record Marked<T>(T result, String mark) {

        static <T> Reader<Marked<T>> reading(Reader<T> reader) {
            return (rows, relations) -> new Marked<>(reader.read(rows, relations), rows.getString(MARK));
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
        return logged(connection, inOneTransaction(connection, asking, reader, watcher));
    }

    private <T> Served<T> logged(Connection connection, Served<T> answer) {
        if (options.logged()) {
            QueryLog.write(connection, answer, options.question());
        }
        return answer;
    }

    private <T> Served<T> inOneTransaction(
            Connection connection, InTransaction asking, Reader<T> reader, Watcher watcher) {
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    Served<T> answer =
                            Transactions.read(connection, MEMORY, inside -> within(inside, asking, reader, watcher));
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
            return run(
                    connection,
                    Asked.of(rows),
                    new PostgresRunner(settings.on(connection)),
                    List.of(KnownView.of(plan, Optional.empty())),
                    new Handling<>(reader, watcher, new Timings(), Optional.empty()));
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

    private <T> Served<T> within(Connection connection, InTransaction asking, Reader<T> reader, Watcher watcher)
            throws SQLException {
        Timings timings = new Timings();
        Inventory inventory = Inventory.of(connection, settings.hapiSchema());
        KnownViews known = KnownViews.read(connection, inventory, runner, options.reaching(), remembered.plans());
        Asked asked = asking.of(connection, known);
        List<KnownView> views = asked.views(known);
        SourceSettings here = views.isEmpty() ? settings : settings.on(inventory);
        Runner chosen = views.isEmpty() ? new TablesRunner(runner) : runnerFor(here);
        Optional<Feeds.Told> told = views.isEmpty() ? Optional.empty() : told(connection, here, views);
        timings.done("catalog");
        Served<T> answer = run(connection, asked, chosen, views, new Handling<>(reader, watcher, timings, told));
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

    /** What is done with a statement that runs, and what its resources rest on. */
    private record Handling<T>(Reader<T> reader, Watcher watcher, Timings timings, Optional<Feeds.Told> told) {}

    /** Runs the statement; should a row's data make it fail, says which column of which view it was. */
    private static <T> Served<T> run(
            Connection connection, Asked asked, Runner runner, List<KnownView> views, Handling<T> handling)
            throws SQLException {
        Relations found = runner.relations(connection, views, handling.timings());
        Relations relations =
                asked.beside().apply(handling.told().map(found::resting).orElse(found));
        if (relations.areStored()) {
            return run(connection, asked, relations, handling);
        }
        Savepoint before = connection.setSavepoint();
        try {
            return run(connection, asked, relations, before, handling);
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

    /** Runs the statement; a changed resource on which a view's SQL fails is left out, and the answer says so. */
    private static <T> Served<T> run(
            Connection connection, Asked asked, Relations relations, Savepoint before, Handling<T> handling)
            throws SQLException {
        try {
            return run(connection, asked, relations, handling);
        } catch (SQLException e) {
            Optional<Relations> others =
                    DataError.in(e).isPresent() ? withoutBad(connection, relations, before) : Optional.empty();
            if (others.isEmpty()) {
                throw e;
            }
            return run(connection, asked, others.get(), handling);
        }
    }

    private static <T> Served<T> run(Connection connection, Asked asked, Relations relations, Handling<T> handling)
            throws SQLException {
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
            try (Watch _ = handling.watcher().running(statement)) {
                Binding.bind(statement, sql.parameters(), 0, changes);
                try (ResultSet rows = statement.executeQuery()) {
                    T result = handling.reader().read(rows, relations);
                    handling.timings().done("sql");
                    return new Served<>(result, relations, handling.timings().milliseconds());
                }
            }
        }
    }

    private static boolean hasLongList(Sql sql) {
        return sql.parameters().stream().anyMatch(value -> value instanceof String[] texts && texts.length > LONG_LIST);
    }

    /** The same relations without the changes on which a view's SQL fails; empty when there are none of these. */
    private static Optional<Relations> withoutBad(Connection connection, Relations relations, Savepoint before)
            throws SQLException {
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
