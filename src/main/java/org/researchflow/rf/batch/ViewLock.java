package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;
import org.researchflow.rf.db.SessionLock;

/** The lock under which one run at a time works on a view. */
final class ViewLock {

    private static final String NAME = "rf materialized view ";

    private ViewLock() {}

    /** Takes it before any transaction, or throws the {@link org.researchflow.rf.Failure} that names its holder. */
    static SessionLock take(Connection connection, String view, Duration timeout) throws SQLException {
        return SessionLock.acquire(connection, NAME + view, view + " is being refreshed by another run", timeout);
    }

    /** The views that some run works on. */
    static Set<String> held(Connection connection, Collection<String> views) throws SQLException {
        return SessionLock.held(
                        connection, views.stream().map(view -> NAME + view).toList())
                .stream()
                .map(name -> name.substring(NAME.length()))
                .collect(Collectors.toSet());
    }
}
