package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.view.SqlView;

/** One run over SQLViews, each after those that it reads; every one that is computed has a connection of its own. */
final class SqlRun {

    private final Database database;
    private final SourceSettings settings;
    private final RunOptions options;
    private final SqlGraph graph;
    private final Course course;
    private final Map<String, SqlWork> work = new HashMap<>();
    private final Set<String> failed = new HashSet<>();

    /**
     * A run.
     *
     * @param before how other views ended that these may read
     */
    SqlRun(
            Database database,
            SourceSettings settings,
            RunOptions options,
            RunListener listener,
            SqlGraph graph,
            Collection<Outcome> before) {
        this.database = database;
        this.settings = settings;
        this.options = options;
        this.graph = graph;
        this.course = new Course(database, options, listener);
        before.forEach(this::remember);
    }

    /**
     * Returns one outcome a view, in the order in which they were computed; throws what concerns them all.
     *
     * @param first a connection for as long as the run lasts
     */
    List<Outcome> over(Connection first, Collection<String> views, SqlDecision decision) throws SQLException {
        List<String> names = graph.inOrder(new LinkedHashSet<>(views));
        CatalogTables.create(first);
        try {
            new TreeSet<>(names).forEach(view -> course.lock(first, view));
            for (List<String> level : levels(names)) {
                // Not before: what is replaced may take with it what reads it.
                for (String view : level) {
                    if (!course.isOver(view)) {
                        decide(first, view, decision);
                    }
                }
                compute(level);
            }
        } finally {
            names.forEach(course::release);
        }
        return course.outcomes(names);
    }

    private void decide(Connection first, String view, SqlDecision decision) throws SQLException {
        try {
            SqlWork decided = decision.decide(first, view);
            if (decided instanceof SqlWork.Settled(Outcome outcome)) {
                end(outcome);
            } else {
                work.put(view, decided);
            }
        } catch (Failure e) {
            // What cannot be created leaves the view that is there as good as it was.
            end(decision instanceof SqlDecision.Creating ? new Outcome.Failed(view, e) : course.failed(view, e));
        }
    }

    /** Those that can be computed side by side, after those before them. */
    private List<List<String>> levels(List<String> names) {
        Map<String, Integer> depths = new LinkedHashMap<>();
        List<List<String>> levels = new ArrayList<>();
        for (String view : names) {
            int depth = 0;
            for (String read : graph.reads(view)) {
                @Nullable Integer below = depths.get(read);
                depth = Math.max(depth, below == null ? 0 : below + 1);
            }
            depths.put(view, depth);
            while (levels.size() <= depth) {
                levels.add(new ArrayList<>());
            }
            levels.get(depth).add(view);
        }
        return levels;
    }

    private void compute(List<String> views) {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(options.jobs())) {
            for (String view : views) {
                @Nullable SqlWork wanted = work.get(view);
                if (wanted != null) {
                    running.add(workers.submit(() -> {
                        course.started(view);
                        end(computed(view, wanted));
                    }));
                }
            }
        }
        running.forEach(Run::join);
    }

    private synchronized void remember(Outcome outcome) {
        if (outcome instanceof Outcome.Failed) {
            failed.add(outcome.view());
        }
    }

    private void end(Outcome outcome) {
        remember(outcome);
        course.end(outcome.view(), outcome);
    }

    private synchronized Optional<String> failedSource(String view) {
        return graph.reads(view).stream().filter(failed::contains).findFirst();
    }

    private Outcome computed(String view, SqlWork wanted) {
        Optional<String> source = failedSource(view);
        if (source.isPresent()) {
            return course.failed(
                    view, Failure.failed(view + " was not computed: " + source.get() + ", which it reads, failed"));
        }
        try (Connection connection = database.connect()) {
            return switch (wanted) {
                case SqlWork.Settled(Outcome outcome) -> outcome;
                case SqlWork.Refresh refresh -> refreshed(connection, refresh);
                case SqlWork.Make make -> made(connection, make);
            };
        } catch (SQLException e) {
            return course.failed(view, failure(database, view, e));
        } catch (Failure e) {
            return course.failed(view, e);
        }
    }

    /** The server's message names what is wrong with the SQL, which a person wrote. */
    static Failure failure(Database database, String view, SQLException error) {
        Failure told = database.failure(error);
        if (told.kind() != Failure.Kind.FAILED || !told.what().startsWith("PostgreSQL reported")) {
            return told;
        }
        String why = String.join("; ", told.notes().getOrDefault("why", List.of()));
        Failure failure =
                Failure.failed("the SQL of " + view + " fails: " + why + " (SQLSTATE " + error.getSQLState() + ")");
        if ("42P01".equals(error.getSQLState())) {
            failure.note("try", "a table is named with its schema; a view of rf without, where depends-on lists it");
        }
        return failure.causedBy(error);
    }

    private Outcome refreshed(Connection connection, SqlWork.Refresh work) throws SQLException {
        long started = System.nanoTime();
        long rows = new SqlBuild(connection, work.view(), graph).refresh(work.existing());
        return outcome(connection, work.view(), rows, started, Outcome.Recomputed.CONCURRENTLY);
    }

    private Outcome made(Connection connection, SqlWork.Make make) throws SQLException {
        long started = System.nanoTime();
        SqlView view = make.view();
        Optional<Generation> sufficient = make.sufficient();
        Generation built = sufficient.isPresent()
                ? sufficient.get()
                : new SqlBuild(connection, view, graph).generation(new Build.Numbers(make.number(), make.next()));
        List<String> inTheWay = published(connection, built);
        StoredTables.dropLeftovers(connection, view.name(), built.number());
        return inTheWay.isEmpty()
                ? outcome(connection, view, built.rows(), started, Outcome.Recomputed.FULL)
                : new Outcome.Pending(
                        view.name(), built.rows(), Duration.ofNanos(System.nanoTime() - started), inTheWay);
    }

    /** What must not be published is not kept for the next run either. */
    private List<String> published(Connection connection, Generation built) throws SQLException {
        try {
            return Publication.of(connection, built, settings, options.cascade(), options.patience());
        } catch (Failure e) {
            StoredTables.discard(connection, built);
            throw e;
        }
    }

    private static Outcome outcome(Connection connection, SqlView view, long rows, long started, String method)
            throws SQLException {
        return new Outcome.Recomputed(
                view.name(),
                rows,
                Duration.ofNanos(System.nanoTime() - started),
                Catalog.find(connection, view.name()).orElseThrow().watermark(),
                method);
    }
}
