package org.researchflow.rf;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** One database of the tests' PostgreSQL and the superuser's way into it; closing drops it. */
public record TestDatabase(String host, int port, String database, String user, String password)
        implements AutoCloseable {

    /** The address without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://" + host + ":" + port + "/" + database;
    }

    public Connection connect() throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user, password);
    }

    /** The same server seen from another database or role. */
    public TestDatabase as(String otherDatabase, String otherUser, String otherPassword) {
        return new TestDatabase(host, port, otherDatabase, otherUser, otherPassword);
    }

    public void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The first column of the first row of a query that returns a number, such as {@code select count(*) …}. */
    public long count(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    @Override
    public String toString() {
        return jdbcUrl();
    }

    @Override
    public void close() throws SQLException {
        as("postgres", user, password).execute("drop database if exists \"" + database + "\" with (force)");
    }
}
