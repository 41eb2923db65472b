package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.source.Obstacle;

/**
 * A live resource that has no rows in a view.
 *
 * @param resource its type and the hash of its key, or the key where that was asked for
 * @param version the version that the view could not take
 * @param reason why
 * @param column the column in which the view's SQL fails, if it is one
 * @param message what is wrong with it, without any of its content
 * @param since when it was set aside
 */
public record SetAsideResource(
        String resource, String version, Obstacle reason, Optional<String> column, String message, Instant since) {

    static List<SetAsideResource> of(
            Connection connection, Materialization view, ResourceNames names, Optional<Long> most) throws SQLException {
        List<SetAsideResource> found = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement("""
                select key, version, reason, column_name, message, since
                  from sqlonfhir_store.set_aside
                 where view_number = ? and generation = ?
                 order by reason, column_name nulls first, key
                 limit ?
                """)) {
            statement.setLong(1, view.number());
            statement.setLong(2, view.generation());
            statement.setObject(3, most.orElse(null), Types.BIGINT);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Obstacle reason = Obstacle.valueOf(row.getString("reason"));
                    found.add(new SetAsideResource(
                            names.of(view.resourceType(), row.getString("key")),
                            row.getString("version"),
                            reason,
                            Optional.ofNullable(row.getString("column_name")),
                            Optional.ofNullable(row.getString("message"))
                                    .orElseGet(() -> "the body is " + reason.inWords()),
                            row.getObject("since", OffsetDateTime.class).toInstant()));
                }
            }
        }
        return found;
    }
}
