package org.researchflow.rf.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.researchflow.rf.db.PasswordServer.DATABASE;
import static org.researchflow.rf.db.PasswordServer.OTHER_DATABASE;
import static org.researchflow.rf.db.PasswordServer.OTHER_USER;
import static org.researchflow.rf.db.PasswordServer.PASSWORD;
import static org.researchflow.rf.db.PasswordServer.USER;
import static org.researchflow.rf.db.PasswordServer.execute;
import static org.researchflow.rf.db.PasswordServer.port;
import static org.researchflow.rf.db.PasswordServer.settings;
import static org.researchflow.rf.db.PasswordServer.superuser;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.researchflow.rf.config.Configuration;

/** Connecting to a real server, and what its refusals and errors tell the person. */
class DatabaseTest {

    @TempDir
    Path home;

    @Test
    void connectionIsNamedAndCommitsByItself() throws SQLException {
        try (Connection connection = PasswordServer.database(settings()).connect()) {
            assertThat(text(connection, "select current_setting('application_name')"))
                    .isEqualTo("rf");
            assertThat(connection.getAutoCommit()).isTrue();
        }
    }

    @Test
    void namesWithSpecialCharactersConnect() throws SQLException {
        try (Connection connection = PasswordServer.database(settings(OTHER_DATABASE, OTHER_USER, PASSWORD))
                .connect()) {
            assertThat(text(connection, "select current_database() || '|' || current_user"))
                    .isEqualTo(OTHER_DATABASE + "|" + OTHER_USER);
        }
    }

    @Test
    void propertiesReachTheServer() throws SQLException {
        try (Connection connection = resolved("?application_name=mine&options=-c%20work_mem%3D7MB&connect_timeout=3")
                .connect()) {
            assertThat(text(connection, "select current_setting('application_name') || current_setting('work_mem')"))
                    .isEqualTo("mine7MB");
        }
    }

    @Test
    void poolLendsSeveralConnections() throws SQLException {
        try (Pool pool = PasswordServer.database(settings()).pooled(2);
                Connection first = pool.connect();
                Connection second = pool.connect()) {
            String pid = "select pg_backend_pid()::text";
            assertThat(text(first, pid)).isNotEqualTo(text(second, pid));
        }
    }

    @Test
    void refusedPortSaysWhereItWasLookedFor() {
        Map<String, String> environment = Map.of("PGHOST", "127.0.0.1", "PGPORT", "1", "PGUSER", "rf");
        Database database = PasswordServer.database(
                ConnectionResolver.resolve(Optional.empty(), Configuration.of(environment, home), "os")
                        .orElseThrow());
        String expected = """
                UNREACHABLE cannot reach PostgreSQL at 127.0.0.1:1 (database "rf", user "rf")
                why: connection refused
                from: host, port and user from PGHOST, PGPORT, PGUSER; database by default
                try: with no database at hand:  rf demo""";
        assertThat(Failures.of(database::connect)).isEqualTo(expected);
        assertThat(Failures.of(() -> database.pooled(2))).isEqualTo(expected);
    }

    @Test
    void localSocketCarriesConnectionsAndPools() throws SQLException {
        Database database = PasswordServer.database(
                ConnectionSettings.of(new Address("/tmp", port()), DATABASE, USER, Optional.of(PASSWORD), "the test"));
        String where = "select coalesce(inet_server_port()::text, 'local') || repeat('x', 1000000)";
        try (Pool pool = database.pooled(1);
                Connection connection = pool.connect()) {
            assertThat(text(connection, where)).startsWith("localx").hasSize(1_000_005);
        }
    }

    @Test
    void absentLocalSocketIsUnreachable() {
        ConnectionSettings nowhere =
                ConnectionSettings.of(new Address("/nowhere", 5432), "hapi", "rf", Optional.empty(), "PGHOST");
        assertThat(Failures.of(PasswordServer.database(nowhere)::connect)).startsWith("""
                        UNREACHABLE cannot reach PostgreSQL at /nowhere/.s.PGSQL.5432 (database "hapi", user "rf")
                        why: no such file or directory
                        """);
    }

    @Test
    void unknownHostIsSaidToBeUnknown() {
        ConnectionSettings nowhere =
                ConnectionSettings.of(new Address("db.invalid", 5432), "hapi", "rf", Optional.empty(), "the test");
        assertThat(Failures.of(PasswordServer.database(nowhere)::connect)).contains("\nwhy: no such host\n");
    }

    @Test
    void serverThatNeverAnswersIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Database database = PasswordServer.database(new ConnectionSettings(
                    List.of(new Address("127.0.0.1", silent.getLocalPort())),
                    "hapi",
                    "rf",
                    Optional.empty(),
                    Map.of("connectTimeout", "1", "sslmode", "disable"),
                    Map.of(),
                    List.of()));
            assertThat(Failures.of(database::connect)).startsWith("UNREACHABLE cannot reach PostgreSQL at 127.0.0.1:");
        }
    }

    @Test
    void otherServersThanPostgresAreDoubted() throws IOException {
        try (ServerSocket rude = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> hangUp(rude));
            ConnectionSettings settings = ConnectionSettings.of(
                    new Address("127.0.0.1", rude.getLocalPort()), "hapi", "rf", Optional.empty(), "the test");
            assertThat(Failures.of(PasswordServer.database(settings)::connect))
                    .contains("\nwhy: the other side closed the connection; is it a PostgreSQL server?\n");
        }
    }

    private static void hangUp(ServerSocket server) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getInputStream().readNBytes(8);
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Test
    void wrongPasswordNamesItsOriginOnly() {
        assertThat(Failures.of(PasswordServer.database(settings(DATABASE, USER, "canary"))::connect))
                .isEqualTo("""
                        UNREACHABLE cannot reach PostgreSQL at 127.0.0.1:%1$d (database "hapi", user "rf")
                        why: password authentication failed for user "rf"
                        from: host, port, database and user from the test
                        from: password from the test
                        try: the right password in PGPASSWORD, or in ~/.pgpass the line  127.0.0.1:%1$d:hapi:rf:PASSWORD""".formatted(port()));
    }

    @Test
    void missingPasswordSaysWhereToPutIt() {
        String expected = """
                why: the server asks for a password and there is none
                from: host, port, database and user from the test
                try: PGPASSWORD, or in ~/.pgpass the line  127.0.0.1:%d:hapi:rf:PASSWORD""".formatted(port());
        Database database = PasswordServer.database(settings(DATABASE, USER, ""));
        assertThat(Failures.of(database::connect)).startsWith("UNREACHABLE ").endsWith(expected);
        assertThat(Failures.of(() -> database.pooled(1)))
                .startsWith("UNREACHABLE ")
                .endsWith(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            hapi   | nobody | password authentication failed for user "nobody"
            hapi   | banned | pg_hba.conf rejects connection for host "127.0.0.1", user "banned", database "hapi", no encryption
            nodb   | rf     | database "nodb" does not exist
            """)
    void serverThatRefusesIsUnreachable(String database, String user, String why) {
        assertThat(Failures.of(PasswordServer.database(settings(database, user, PASSWORD))::connect))
                .startsWith("UNREACHABLE cannot reach PostgreSQL at 127.0.0.1:")
                .contains("\nwhy: " + why + "\nfrom: ")
                .contains("\ntry: ");
    }

    @Test
    void databaseThatLetsNobodyInNamesTheGrant() {
        assertThat(Failures.of(PasswordServer.database(settings("closed", USER, PASSWORD))::connect))
                .isEqualTo("""
                        FAILED user "rf" lacks a right in database "closed"
                        why: permission denied for database "closed"
                        try: GRANT CONNECT ON DATABASE closed TO rf""");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            create schema mine                  | permission denied for database hapi   | GRANT CREATE ON DATABASE hapi TO rf
            select * from secret                | permission denied for table secret    | GRANT SELECT ON secret TO rf
            select * from secret_view           | permission denied for view secret_view| GRANT SELECT ON secret_view TO rf
            select * from "Odd name"            | permission denied for table Odd name  | GRANT SELECT ON "Odd name" TO rf
            create table public.mine (a int)    | permission denied for schema public   | GRANT USAGE ON SCHEMA public TO rf
            """)
    void missingRightNamesTheGrant(String sql, String why, String grant) throws SQLException {
        setUp(
                "create table if not exists secret (a int)",
                "create or replace view secret_view as select * from secret",
                "create table if not exists \"Odd name\" (a int)",
                // As PostgreSQL itself has it since 15.
                "revoke create on schema public from public");
        assertThat(failureOf(sql))
                .startsWith("FAILED user \"rf\" lacks a right in database \"hapi\"\nwhy: " + why + "\ntry: " + grant);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            select 'canary'::date                          | 22007 | invalid input syntax for type date: "…"
            select 'ca"canary"ry'::int                     | 22P02 | invalid input syntax for type integer: "…"
            select '{"a": canary}'::jsonb                  | 22P02 | invalid input syntax for type json
            insert into numbered values (1, 'canary')      | 23505 | duplicate key value violates unique constraint "…" of table numbered, constraint numbered_pkey
            insert into numbered values (-1, 'canary')     | 23514 | new row for relation "…" of table numbered, constraint positive
            select raise('patient canary')                 | P0001 | the message is left out, because it may quote a row
            select missing from numbered                   | 42703 | column "missing" does not exist
            """)
    void errorsInDataQuoteNoData(String sql, String state, String why) throws SQLException {
        setUp(
                "create table if not exists numbered"
                        + " (n int primary key constraint positive check (n > 0), patient text)",
                "grant insert, select on numbered to rf",
                "insert into numbered values (1, 'canary') on conflict do nothing",
                "create or replace function raise(t text) returns int language plpgsql"
                        + " as $$ begin raise exception '%', t; end $$");
        assertThat(failureOf(sql))
                .isEqualTo("FAILED PostgreSQL reported an error (SQLSTATE %s)\nwhy: %s".formatted(state, why));
    }

    @Test
    void failedBatchQuotesNoRow() throws SQLException {
        setUp("create table if not exists batched (n int primary key, patient text)", "grant all on batched to rf");
        Database database = PasswordServer.database(settings());
        try (Connection connection = database.connect();
                PreparedStatement insert = connection.prepareStatement("insert into batched values (?, ?)")) {
            for (int i = 0; i < 2; i++) {
                insert.setInt(1, 1);
                insert.setString(2, "canary");
                insert.addBatch();
            }
            try {
                insert.executeBatch();
            } catch (BatchUpdateException e) {
                assertThat(Failures.of(() -> {
                            throw database.failure(e);
                        }))
                        .startsWith("FAILED PostgreSQL reported an error (SQLSTATE 23505)\nwhy: ");
                return;
            }
            throw new AssertionError("the batch had a key twice and went through");
        }
    }

    @Test
    void stoppedStatementSaysWhat() {
        assertThat(failureOf("set statement_timeout = 1; select pg_sleep(5)"))
                .isEqualTo(
                        "FAILED PostgreSQL stopped the statement\nwhy: canceling statement due to statement timeout");
    }

    @Test
    void readOnlyServerIsExplained() {
        assertThat(failureOf("start transaction read only; create table t (a int)"))
                .startsWith("FAILED PostgreSQL at 127.0.0.1:" + port()
                        + " (database \"hapi\", user \"rf\") does not let rf write\n")
                .contains("hot standby");
    }

    @Test
    void lockedTableIsLocked() throws SQLException {
        setUp("create table if not exists busy (a int)", "grant all on busy to rf");
        try (Connection holder = superuser().connect()) {
            holder.setAutoCommit(false);
            execute(holder, "lock table busy");
            assertThat(failureOf("set lock_timeout = 1; select * from busy")).isEqualTo("""
                            LOCKED another session holds a lock on what rf needs
                            why: canceling statement due to lock timeout""");
        }
    }

    @Test
    void killedSessionIsALostConnection() throws SQLException {
        Database database = PasswordServer.database(settings());
        try (Connection connection = database.connect();
                Connection killer = superuser().connect()) {
            String pid = text(connection, "select pg_backend_pid()::text");
            execute(killer, "select pg_terminate_backend(" + pid + ", 5000)");
            assertThat(failureOf(database, connection, "select 1"))
                    .startsWith("UNREACHABLE lost the connection to PostgreSQL at 127.0.0.1:");
        }
    }

    @Test
    void tooManyConnectionsAreSaidToBeSo() throws SQLException {
        setUp("alter role rf connection limit 1");
        Database database = PasswordServer.database(settings());
        try (Connection first = database.connect()) {
            assertThat(first.isClosed()).isFalse();
            assertThat(Failures.of(database::connect))
                    .startsWith("UNREACHABLE ")
                    .contains("\nwhy: too many connections for role \"rf\"\n");
        } finally {
            setUp("alter role rf connection limit -1");
        }
    }

    private static void setUp(String... statements) throws SQLException {
        try (Connection connection = superuser().connect()) {
            execute(connection, statements);
        }
    }

    private static String failureOf(String sql) {
        Database database = PasswordServer.database(settings());
        try (Connection connection = database.connect()) {
            return failureOf(database, connection, sql);
        } catch (SQLException e) {
            throw new AssertionError("closing failed", e);
        }
    }

    private static String failureOf(Database database, Connection connection, String sql) {
        return Failures.of(() -> {
            try {
                execute(connection, sql);
            } catch (SQLException e) {
                throw database.failure(e);
            }
        });
    }

    private Database resolved(String parameters) {
        String url = "postgresql://127.0.0.1:" + port() + "/hapi" + parameters;
        Map<String, String> environment = Map.of("RF_DB_URL", url, "PGUSER", USER, "PGPASSWORD", PASSWORD);
        return PasswordServer.database(
                ConnectionResolver.resolve(Optional.empty(), Configuration.of(environment, home), "os")
                        .orElseThrow());
    }

    private static String text(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return rows.getString(1);
        }
    }
}
