package org.researchflow.rf.db;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** One real PostgreSQL for the tests of this package, which asks everybody but its superuser for a password. */
final class PasswordServer {

    static final String USER = "rf";
    static final String OTHER_USER = "o'brien rf";
    static final String PASSWORD = "canary:p@ss/w%rd?\\ #1";
    static final String DATABASE = "hapi";
    static final String OTHER_DATABASE = "a b/ü";

    private static final String RULES = """
            host  all  banned    127.0.0.1/32  reject
            host  all  postgres  127.0.0.1/32  trust
            host  all  postgres  ::1/128       trust
            host  all  all       127.0.0.1/32  scram-sha-256
            host  all  all       ::1/128       scram-sha-256
            local all  all                     scram-sha-256
            """;

    private static final EmbeddedPostgres SERVER = start();

    private PasswordServer() {}

    static int port() {
        return SERVER.getPort();
    }

    static ConnectionSettings settings() {
        return settings(DATABASE, USER, PASSWORD);
    }

    static ConnectionSettings settings(String database, String user, String password) {
        return ConnectionSettings.of(
                new Address("127.0.0.1", port()),
                database,
                user,
                Optional.of(password).filter(text -> !text.isEmpty()),
                "the test");
    }

    /** A database whose sessions find the tests' tables without their schema, which rf's own sessions do not. */
    static Database database(ConnectionSettings settings) {
        return new Database(settings, connection -> {
            try {
                execute(connection, "set search_path = public");
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    static Database superuser() {
        return database(settings(DATABASE, "postgres", ""));
    }

    static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static EmbeddedPostgres start() {
        try {
            Path rules = Files.createTempFile("rf-test-hba", ".conf");
            Files.writeString(rules, RULES);
            // the server may run as another user
            Files.setPosixFilePermissions(rules, PosixFilePermissions.fromString("rw-r--r--"));
            EmbeddedPostgres server = EmbeddedPostgres.builder()
                    .setServerConfig("hba_file", rules.toString())
                    .setServerConfig("password_encryption", "scram-sha-256")
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("unix_socket_directories", "/tmp")
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, rules)));
            try (Connection connection = server.getPostgresDatabase().getConnection()) {
                execute(
                        connection,
                        "create role rf login password '" + PASSWORD + "'",
                        "create role \"o'brien rf\" login password '" + PASSWORD + "'",
                        "create role banned login password '" + PASSWORD + "'",
                        "create database hapi",
                        "create database rf",
                        "create database \"a b/ü\"",
                        "create database closed",
                        "revoke connect on database closed from public");
            }
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stop(EmbeddedPostgres server, Path rules) {
        try {
            server.close();
            Files.deleteIfExists(rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
