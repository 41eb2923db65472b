package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The views' schedules in the catalog. A view whose first build is not published yet has one, too. */
final class Schedules {

    private static final String FIND = """
            select interval_seconds, auto_refresh
              from (select extract(epoch from refresh_interval)::bigint as interval_seconds, auto_refresh, 1 as rank
                      from sqlonfhir.materialized_view_metadata
                     where view_name = ?
                     union all
                    select extract(epoch from refresh_interval)::bigint, auto_refresh, 2
                      from sqlonfhir_store.generation
                     where view_name = ?) known
             order by rank
             limit 1
            """;

    private Schedules() {}

    /** A view's schedule; that of a new view when there is no such view. */
    static Schedule find(Connection connection, String view) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, view);
            statement.setString(2, view);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new Schedule(interval(row, "interval_seconds"), row.getBoolean("auto_refresh"))
                        : new Schedule(Optional.empty(), true);
            }
        }
    }

    static Optional<Duration> interval(ResultSet row, String column) throws SQLException {
        @Nullable Long seconds = row.getObject(column, Long.class);
        return Optional.ofNullable(seconds).map(Duration::ofSeconds);
    }

    static void set(Connection connection, String view, Schedule schedule) throws SQLException {
        for (String table : List.of("sqlonfhir.materialized_view_metadata", "sqlonfhir_store.generation")) {
            try (PreparedStatement statement = connection.prepareStatement("update " + table
                    + " set refresh_interval = make_interval(secs => ?), auto_refresh = ? where view_name = ?")) {
                statement.setObject(
                        1, schedule.interval().map(d -> (double) d.toSeconds()).orElse(null), Types.DOUBLE);
                statement.setBoolean(2, schedule.automatic());
                statement.setString(3, view);
                statement.executeUpdate();
            }
        }
    }
}
