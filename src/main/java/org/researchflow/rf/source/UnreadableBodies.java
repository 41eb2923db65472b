package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;

/**
 * Live resources of one type whose bodies cannot be read from SQL, for one reason.
 *
 * @param resourceType their type
 * @param reason where the bodies are instead
 * @param count how many
 */
public record UnreadableBodies(String resourceType, Obstacle reason, long count) {

    /** Counts those of some types, as a transaction sees them. */
    public static List<UnreadableBodies> count(
            Connection connection, Resources resources, Collection<String> resourceTypes) throws SQLException {
        List<UnreadableBodies> found = new ArrayList<>();
        for (String type : resourceTypes) {
            found.addAll(count(connection, resources, type, Optional.empty()));
        }
        return found;
    }

    /** Counts those among some resources of a type, by internal id. */
    public static List<UnreadableBodies> among(
            Connection connection, Resources resources, String resourceType, long[] ids) throws SQLException {
        return count(connection, resources, resourceType, Optional.of(ids));
    }

    private static List<UnreadableBodies> count(
            Connection connection, Resources resources, String resourceType, Optional<long[]> ids) throws SQLException {
        List<UnreadableBodies> found = new ArrayList<>();
        Optional<String> unreadable = resources.unreadable(resourceType);
        if (unreadable.isPresent()) {
            try (PreparedStatement statement = connection.prepareStatement(
                    "select reason, count(*) as resources\n  from (" + unreadable.get() + ") u"
                            + (ids.isPresent() ? "\n where res_id = any (?)" : "")
                            + "\n group by reason\n order by reason")) {
                if (ids.isPresent()) {
                    statement.setArray(1, connection.unwrap(PGConnection.class).createArrayOf("int8", ids.get()));
                }
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        found.add(new UnreadableBodies(
                                resourceType, Obstacle.valueOf(row.getString("reason")), row.getLong("resources")));
                    }
                }
            }
        }
        return found;
    }
}
