package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.SessionLock;
import org.researchflow.rf.db.Transactions;

/**
 * The step that makes a view live, or no longer: under the view's lock, so that nobody publishes it meanwhile.
 *
 * @param settings that decide rows
 * @param wanted whether it is to be live
 */
record Liveness(Connection connection, SourceSettings settings, boolean wanted, RunOptions options) {

    LiveChange of(String view) throws SQLException {
        try (SessionLock _ = ViewLock.take(connection, view, options.lockTimeout())) {
            Backoff backoff = new Backoff(options.patience());
            while (true) {
                try {
                    return Transactions.write(connection, _ -> change(view));
                } catch (SQLException e) {
                    if (!Publication.IN_THE_WAY.contains(e.getSQLState()) || !backoff.pause()) {
                        throw e;
                    }
                }
            }
        }
    }

    private LiveChange change(String view) throws SQLException {
        boolean before = LiveView.isWanted(connection, view);
        try (Statement statement = connection.createStatement()) {
            statement.execute("set local lock_timeout = '100ms'");
        }
        LiveView.want(connection, view, wanted);
        Optional<Materialization> stored = Catalog.find(connection, view);
        if (wanted && stored.isPresent()) {
            requireCurrent(stored.get());
            LiveView.createSchema(connection);
            LiveView.of(connection, stored.get(), settings).publish(options.cascade());
        } else if (!wanted) {
            LiveView.remove(connection, view, Catalog.number(connection, view).orElse(0L), options.cascade());
        }
        return new LiveChange(view, before, wanted);
    }

    /** What is merged must be what one and the same reading of the resources gives. */
    private void requireCurrent(Materialization stored) {
        if (!stored.isOf(settings)) {
            throw Failure.usage(stored.view() + " was built with other settings, or by another version of the compiler")
                    .note("settings", "- " + stored.settings())
                    .note("settings", "+ " + settings.text())
                    .note("try", "rf views refresh " + stored.view());
        }
    }
}
