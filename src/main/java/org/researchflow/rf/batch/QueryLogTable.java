package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;

/** The table that queries leave a line in. */
public final class QueryLogTable {

    /** Creates it. */
    static final String CREATION = """
            create table if not exists sqlonfhir.query_log (
              asked_at timestamptz not null default clock_timestamp(),
              role text not null default session_user,
              runner text not null,
              newer text not null,
              views text[] not null,
              duration_ms double precision not null,
              complete boolean not null,
              question text not null default ''
            );
            alter table sqlonfhir.query_log add column if not exists question text not null default '';
            comment on table sqlonfhir.query_log is 'Who asked when, for what kinds of things, and how long it took; no value of the question, nothing of the answer';
            """;

    // A standby takes no line.
    private static final String PRIVILEGE = """
            select coalesce(has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, ?), false)
                   and (? = 'select' or not pg_is_in_recovery())
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'sqlonfhir' and c.relname = 'query_log'
            """;

    private QueryLogTable() {}

    /** Removes lines older than that, if the table is there and the role may; how many they were. */
    public static long forget(Connection connection, Duration age) throws SQLException {
        if (!may(connection, "delete")) {
            return 0;
        }
        try (PreparedStatement statement = connection.prepareStatement(
                "delete from sqlonfhir.query_log where asked_at < clock_timestamp() - make_interval(days => ?)")) {
            statement.setInt(1, Math.toIntExact(age.toDays()));
            return statement.executeLargeUpdate();
        }
    }

    /** Whether it is there, and the role may add to it. */
    public static boolean mayWrite(Connection connection) throws SQLException {
        return may(connection, "insert");
    }

    /** Whether it is there, and the role may read it. */
    public static boolean mayRead(Connection connection) throws SQLException {
        return may(connection, "select");
    }

    private static boolean may(Connection connection, String privilege) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PRIVILEGE)) {
            statement.setString(1, privilege);
            statement.setString(2, privilege);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
