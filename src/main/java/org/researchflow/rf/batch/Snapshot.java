package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;

/**
 * The one state of the source that all builds of a run read.
 *
 * @param exported its name, under which other transactions can enter it while the first one lasts
 * @param watermark what its readers' rows are complete for
 */
record Snapshot(String exported, Watermark watermark) {

    /**
     * A statement goes on when rf was killed, for hours perhaps, and holds up the next run: PostgreSQL looks whether the
     * client is still there, where its platform can tell.
     */
    private static final String END_WITH_CLIENT = """
            select set_config('client_connection_check_interval', '1s', true) where version() like '%linux%'
            """;

    /**
     * Fixes the state, in a transaction that has just begun and that has to stay open until the last build has
     * entered.
     *
     * @param origin where the source is
     */
    static Snapshot take(Connection connection, String origin) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            settings(statement);
            // The time of a statement is read before its snapshot: what committed earlier is in it.
            try (ResultSet row = statement.executeQuery("""
                    select pg_current_snapshot()::text as snapshot, statement_timestamp() as taken_at,
                           pg_export_snapshot() as exported
                    """)) {
                row.next();
                Snapshot taken = new Snapshot(
                        row.getString("exported"),
                        new Watermark(
                                row.getString("snapshot"),
                                row.getObject("taken_at", OffsetDateTime.class).toInstant(),
                                origin));
                statement.execute(END_WITH_CLIENT);
                return taken;
            }
        }
    }

    /** Makes a transaction that has just begun read this state. */
    void enter(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            settings(statement);
            statement.execute("set transaction snapshot '" + exported + "'");
            statement.execute(END_WITH_CLIENT);
        }
    }

    /** Makes the statements of a transaction end when rf does. */
    static void endWithClient(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(END_WITH_CLIENT);
        }
    }

    /** Lets a transaction that reads everything use PostgreSQL's parallel workers. */
    static void useWorkers(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            // PostgreSQL holds parsing JSON to cost nothing, and therefore workers not to be worth their start.
            statement.execute("set local parallel_setup_cost = 0");
            statement.execute("set local parallel_tuple_cost = 0");
        }
    }

    private static void settings(Statement statement) throws SQLException {
        statement.execute("set transaction isolation level repeatable read");
        statement.execute("set local application_name = '" + OldSnapshots.RUN + "'");
        // The run's first connection waits in its transaction while others build.
        statement.execute("set local idle_in_transaction_session_timeout = 0");
    }
}
