package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Pool;
import org.researchflow.rf.db.SessionLock;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.sql.ViewSql;

/**
 * One run over several views. Its first connection holds the views' locks, and then the snapshot that all builds read,
 * so that the views agree on a watermark; every build has a connection of its own.
 */
final class Run {

    // PostgreSQL's serialization_failure.
    private static final String CHANGED_MEANWHILE = "40001";

    /** What another run decodes need not be decoded again. */
    private static final Duration WHILE_OTHERS_DECODE = Duration.ofHours(1);

    private final Database database;
    private final SourceSettings settings;
    private final RunOptions options;
    private final RunListener listener;
    private final Course course;
    private final Map<String, Work.Make> toMake = new HashMap<>();
    private final Map<String, Work.Update> toUpdate = new HashMap<>();
    private final List<String> newTables = new ArrayList<>();
    private Build.Setting setting = new Build.Setting(true, new ResourceNames.Hidden(), Set.of());

    Run(Database database, SourceSettings settings, RunOptions options, RunListener listener) {
        this.database = database;
        this.settings = settings;
        this.options = options;
        this.listener = listener;
        this.course = new Course(database, options, listener);
    }

    /**
     * Returns one outcome a view, in their order; throws what concerns them all.
     *
     * @param first a connection for as long as the run lasts
     */
    List<Outcome> over(Connection first, Collection<String> views, Decision decision) throws SQLException {
        Set<String> names = new LinkedHashSet<>(views);
        Resources resources = settings.resources(first);
        CatalogTables.create(first);
        try {
            // In one order whatever the caller's: two runs never hold what the other one waits for.
            new TreeSet<>(names).forEach(view -> course.lock(first, view));
            // Read with all locks: no other run moves a watermark past it any more.
            Source source = Source.read(first, resources);
            for (String view : names) {
                if (!course.isOver(view)) {
                    decide(first, view, decision, source.state());
                }
            }
            work(first, source);
        } finally {
            names.forEach(course::release);
        }
        // Only now: while the run's snapshot lasted, no row of theirs was visible to everybody.
        StoredTables.vacuum(first, newTables);
        return course.outcomes(names);
    }

    private void work(Connection first, Source source) throws SQLException {
        if (toMake.isEmpty() && toUpdate.isEmpty()) {
            return;
        }
        Set<String> views = new TreeSet<>(toMake.keySet());
        views.addAll(toUpdate.keySet());
        try {
            Source readable = decoded(first, source);
            StoredTables.dropLeftovers(
                    first, toUpdate.values().stream().map(Work.Update::existing).toList());
            ResourceNames resourceNames = ResourceNames.read(first, options.showKeys());
            Transactions.write(first, _ -> {
                work(first, readable, resourceNames);
                return true;
            });
        } catch (SQLException e) {
            throw failedAll(views, database.failure(e));
        } catch (Failure e) {
            throw failedAll(views, e);
        }
    }

    /** What stops the run before any view's own work is the failure of each. */
    private Failure failedAll(Set<String> views, Failure failure) {
        views.removeIf(course::isOver);
        course.record(failure, views);
        return failure;
    }

    private void decide(Connection first, String view, Decision decision, SourceState now) throws SQLException {
        switch (decided(first, view, decision, now)) {
            case Work.Settled(Outcome outcome) -> course.end(view, outcome);
            case Work.Make make -> toMake.put(view, make);
            case Work.Update update -> toUpdate.put(view, update);
        }
    }

    private Work decided(Connection first, String view, Decision decision, SourceState now) throws SQLException {
        try {
            return decision.decide(first, view, now);
        } catch (Failure e) {
            return new Work.Settled(course.failed(view, e));
        }
    }

    /**
     * Decodes what the views need, and commits it: the run's snapshot, taken later, sees it. What is written in between
     * is set aside, and decoded by the next run.
     */
    private Source decoded(Connection first, Source source) throws SQLException {
        if (!source.resources().needsDecoding(first)) {
            return source;
        }
        try (SessionLock _ = SessionLock.acquire(first, Decoding.LOCK, Decoding.LOCKED, WHILE_OTHERS_DECODE);
                Connection writer = database.connect()) {
            Undecoded undecoded = Transactions.read(first, _ -> Undecoded.of(first, source, toMake, toUpdate));
            listener.decoded(source.resources().decode(first, writer, undecoded.types(), undecoded.ids()));
            if (looksAtAll()) {
                source.resources().forgetPast(writer);
            } else if (undecoded.ids().length > 0) {
                source.resources().forgetPast(writer, undecoded.ids());
            }
        }
        return new Source(settings.resources(first), source.state());
    }

    /** Whether more is read than what changed: only then it shows that a resource is gone without a trace. */
    private boolean looksAtAll() {
        return !toMake.isEmpty() || toUpdate.values().stream().anyMatch(Work.Update::reconcile);
    }

    private void work(Connection first, Source source, ResourceNames names) throws SQLException {
        Snapshot snapshot = Snapshot.take(first, source.state().origin());
        ChangedResources changed = ChangedResources.find(first, source, toUpdate.values());
        toUpdate.forEach((view, update) -> {
            if (changed.of(update).isEmpty()) {
                toMake.put(view, update.instead().because(Work.TOO_MANY_CHANGES));
            }
        });
        setting = new Build.Setting(options.strict(), names, unreadable(first, source));
        Map<String, Work.Update> settled = new HashMap<>(toUpdate);
        settled.values().removeIf(update -> !isSettled(update, changed));
        toUpdate.keySet().removeAll(settled.keySet());
        listener.beforeCommits();
        int pieces = toUpdate.size() + toMake.size() + (settled.isEmpty() ? 0 : 1);
        if (pieces == 1) {
            work(database::connect, source, snapshot, changed, settled.values());
        } else {
            try (Pool pool = database.pooled(Math.min(pieces, options.jobs()))) {
                work(pool::connect, source, snapshot, changed, settled.values());
            }
        }
    }

    private void work(
            Supplier<Connection> connections,
            Source source,
            Snapshot snapshot,
            ChangedResources changed,
            Collection<Work.Update> settled) {
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService workers = Executors.newFixedThreadPool(options.jobs())) {
            if (!settled.isEmpty()) {
                running.add(workers.submit(() -> keep(connections, settled, source, snapshot)));
            }
            toUpdate.forEach((view, update) -> changed.of(update)
                    .ifPresent(ids -> running.add(workers.submit(() -> {
                        course.started(view);
                        course.end(view, update(connections, update, source, snapshot, ids));
                    }))));
            toMake.forEach((view, make) -> running.add(workers.submit(() -> {
                course.started(view);
                course.end(view, make(connections, make, source, snapshot));
            })));
        }
        for (Future<?> done : running) {
            join(done);
        }
    }

    /** The types of which some cannot be read, among those that are built in full. */
    private Set<String> unreadable(Connection first, Source source) throws SQLException {
        if (toMake.isEmpty()) {
            return Set.of();
        }
        Snapshot.useWorkers(first);
        return source.resources()
                .typesWithUnreadable(
                        first,
                        toMake.values().stream()
                                .map(make -> make.definition().plan().resourceType())
                                .collect(Collectors.toSet()));
    }

    /** Whether nothing but the watermark is to be changed. */
    private static boolean isSettled(Work.Update update, ChangedResources changed) {
        return !update.reconcile()
                && update.existing().setAside() == 0
                && changed.of(update).filter(ids -> ids.length == 0).isPresent();
    }

    /** Moves the watermarks of settled views, all in one transaction. */
    private void keep(
            Supplier<Connection> connections, Collection<Work.Update> settled, Source source, Snapshot snapshot) {
        long[] none = {};
        settled.forEach(update -> course.started(update.view()));
        Map<String, Outcome> kept = new HashMap<>();
        try (Connection connection = connections.get()) {
            Transactions.write(connection, _ -> {
                snapshot.enter(connection);
                for (Work.Update update : settled) {
                    kept.put(update.view(), Update.of(connection, update, source, none, snapshot.watermark(), setting));
                }
                return kept;
            });
        } catch (SQLException | Failure e) {
            // One of them may have failed all: now each by itself.
            kept.clear();
        }
        for (Work.Update update : settled) {
            @Nullable Outcome outcome = kept.get(update.view());
            course.end(update.view(), outcome == null ? update(connections, update, source, snapshot, none) : outcome);
        }
    }

    private Outcome update(
            Supplier<Connection> connections, Work.Update work, Source source, Snapshot snapshot, long[] changed) {
        try {
            return updated(connections, work, source, snapshot, changed);
        } catch (SQLException e) {
            return Indexes.isTooLong(e)
                    ? make(connections, work.instead().because(Work.TOO_LONG), source, snapshot)
                    : course.failed(work.view(), database.failure(e));
        } catch (Failure e) {
            return course.failed(work.view(), e);
        }
    }

    private Outcome updated(
            Supplier<Connection> connections, Work.Update work, Source source, Snapshot snapshot, long[] changed)
            throws SQLException {
        try (Connection connection = connections.get()) {
            try {
                return Transactions.write(connection, _ -> {
                    snapshot.enter(connection);
                    return Update.of(connection, work, source, changed, snapshot.watermark(), setting);
                });
            } catch (SQLException e) {
                if (!CHANGED_MEANWHILE.equals(e.getSQLState())) {
                    throw e;
                }
                return updateAlone(connection, work, source);
            }
        }
    }

    /** Refreshes a view to a snapshot of its own: somebody wrote to the catalog after the run's. */
    private Outcome updateAlone(Connection connection, Work.Update work, Source source) throws SQLException {
        return Transactions.write(connection, _ -> {
            Watermark own = Snapshot.take(connection, source.state().origin()).watermark();
            long[] changed = ChangedResources.find(connection, source, List.of(work))
                    .of(work)
                    .orElseThrow(() -> Failure.failed("most resources of " + work.view() + " changed meanwhile")
                            .note("try", "rf views refresh " + work.view()));
            return Update.of(connection, work, source, changed, own, setting);
        });
    }

    private Outcome make(Supplier<Connection> connections, Work.Make make, Source source, Snapshot snapshot) {
        String view = make.definition().name();
        long started = System.nanoTime();
        try (Connection connection = connections.get()) {
            Generation built = built(connection, make, source, snapshot);
            List<String> inTheWay = Publication.of(connection, built, settings, options.cascade(), options.patience());
            StoredTables.dropLeftovers(connection, view, built.number());
            noteNew(built.store());
            Duration took = Duration.ofNanos(System.nanoTime() - started);
            return inTheWay.isEmpty()
                    ? new Outcome.Built(
                            view,
                            built.rows(),
                            built.setAside(),
                            Misfits.count(connection, built.store()),
                            took,
                            built.watermark(),
                            make.because())
                    : new Outcome.Pending(view, built.rows(), took, inTheWay);
        } catch (SQLException e) {
            return course.failed(view, database.failure(e));
        } catch (Failure e) {
            return course.failed(view, e);
        }
    }

    private synchronized void noteNew(String table) {
        newTables.add(table);
    }

    private Generation built(Connection connection, Work.Make make, Source source, Snapshot snapshot)
            throws SQLException {
        Optional<Generation> sufficient = make.sufficient(ViewSql.VERSION);
        if (sufficient.isPresent()) {
            return sufficient.get();
        }
        if (make.pending().isPresent()) {
            // What an earlier run built may be long awaited; this build takes its time.
            Publication.of(connection, make.pending().get(), settings, options.cascade(), Duration.ZERO);
        }
        String type = make.definition().plan().resourceType();
        // Nobody looked whether some are unreadable where no build was expected.
        return Build.of(
                connection,
                make.definition(),
                make.next(),
                source,
                snapshot,
                toMake.containsKey(make.definition().name()) ? setting : setting.withUnreadable(type));
    }

    static void join(Future<?> done) {
        try {
            done.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted; every view keeps its last contents")
                    .causedBy(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
