package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

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
            Optional<String> unreadable = resources.unreadable(type);
            if (unreadable.isPresent()) {
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("select reason, count(*) as resources\n  from ("
                                + unreadable.get() + ") u\n group by reason\n order by reason")) {
                    while (row.next()) {
                        found.add(new UnreadableBodies(
                                type, Obstacle.valueOf(row.getString("reason")), row.getLong("resources")));
                    }
                }
            }
        }
        return found;
    }
}
