package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.SessionLock;

/** What became of the views of a run so far, and the locks that it holds for the others. */
final class Course {

    private final Database database;
    private final RunOptions options;
    private final RunListener listener;
    private final Map<String, Outcome> outcomes = new HashMap<>();
    private final Map<String, SessionLock> locks = new HashMap<>();

    Course(Database database, RunOptions options, RunListener listener) {
        this.database = database;
        this.options = options;
        this.listener = listener;
    }

    /** Takes a view's lock on the run's first connection; what another run has is over at once. */
    void lock(Connection first, String view) {
        try {
            locks.put(view, ViewLock.take(first, view, options.lockTimeout()));
        } catch (SQLException e) {
            throw database.failure(e);
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.LOCKED) {
                throw e;
            }
            finish(new Outcome.Locked(view, e));
        }
    }

    void started(String view) {
        listener.started(view);
    }

    /** The view's outcome is known, and others may have its lock. */
    void end(String view, Outcome outcome) {
        release(view);
        finish(outcome);
    }

    synchronized void finish(Outcome outcome) {
        outcomes.put(outcome.view(), outcome);
        listener.finished(outcome);
    }

    synchronized void release(String view) {
        @Nullable SessionLock lock = locks.remove(view);
        if (lock != null) {
            try {
                lock.close();
            } catch (SQLException e) {
                // A session that cannot be spoken to any more has lost its locks, and with them the run its snapshot.
                throw database.failure(e);
            }
        }
    }

    synchronized boolean isOver(String view) {
        return outcomes.containsKey(view);
    }

    /** In the order of the names. */
    synchronized List<Outcome> outcomes(Collection<String> names) {
        return names.stream().map(outcomes::get).toList();
    }

    /** The failed view keeps its last contents, and the catalog says why. */
    Outcome failed(String view, Failure failure) {
        return new Outcome.Failed(
                view, failure, Optional.ofNullable(record(failure, Set.of(view)).get(view)));
    }

    /** Keeps in the catalog why views failed; returns the moments that their contents are of, as far as there are any. */
    Map<String, Instant> record(Failure failure, Set<String> views) {
        Map<String, Instant> contents = new HashMap<>();
        try (Connection connection = database.connect()) {
            for (String view : views) {
                Catalog.recordFailure(connection, view, failure.what()).ifPresent(moment -> contents.put(view, moment));
            }
        } catch (SQLException | Failure e) {
            // The database that cannot be written to is what failed in the first place.
            failure.addSuppressed(e);
        }
        return contents;
    }
}
