package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The sessions whose snapshot is older than a build's commit: they would read a newly published generation as empty,
 * without any error.
 */
final class OldSnapshots {

    /** The name that runs give themselves while they read the source: they never read a view. */
    static final String RUN = "rf refresh";

    // A snapshot's xmin may be older than the snapshot: a transaction that began after the commit is no danger,
    // whatever its xmin. Of other roles' sessions only user and xmin are shown to everybody; without a user it is
    // PostgreSQL's own, such as a vacuum that takes hours and reads no view.
    private static final String FIND = """
            select coalesce(nullif(application_name, ''), 'a session') || ', PostgreSQL pid ' || pid
                   || coalesce(', in a transaction since '
                               || to_char(xact_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), '') as session
              from pg_catalog.pg_stat_activity
             where datname = current_database()
               and pid <> pg_backend_pid()
               and coalesce(backend_type, 'client backend') = 'client backend'
               and usesysid is not null
               and application_name is distinct from ?
               and age(backend_xmin) >= age(?::xid8::xid)
               and coalesce(xact_start <= ?, true)
             order by xact_start, pid
            """;

    private OldSnapshots() {}

    /** The server's time; whoever asks after a commit gets a moment after it. */
    static OffsetDateTime now(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select clock_timestamp()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class);
        }
    }

    /** The sessions that may not see the transaction's rows although it had committed by then. */
    static List<String> find(Connection connection, String transaction, OffsetDateTime afterCommit)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, RUN);
            statement.setString(2, transaction);
            statement.setObject(3, afterCommit);
            try (ResultSet row = statement.executeQuery()) {
                List<String> sessions = new ArrayList<>();
                while (row.next()) {
                    sessions.add(row.getString("session"));
                }
                return sessions;
            }
        }
    }
}
