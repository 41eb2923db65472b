package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.researchflow.rf.db.SessionLock;

/** The lock under which one run at a time works on a view. */
final class ViewLock {

    private static final String NAME = "rf materialized view ";

    private ViewLock() {}

    /** Takes it before any transaction, or throws the {@link org.researchflow.rf.Failure} that names its holder. */
    static SessionLock take(Connection connection, String view, Duration timeout) throws SQLException {
        return SessionLock.acquire(connection, NAME + view, view + " is being refreshed by another run", timeout);
    }

    /** The views that some run works on, and in words which. */
    static Map<String, String> holders(Connection connection, Collection<String> views) throws SQLException {
        Map<String, String> holders = new HashMap<>();
        SessionLock.holders(connection, views.stream().map(view -> NAME + view).toList())
                .forEach((name, holder) -> holders.put(name.substring(NAME.length()), holder));
        return holders;
    }
}
