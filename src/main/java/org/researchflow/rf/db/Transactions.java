package org.researchflow.rf.db;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** Work done whole or not at all, on a connection that is in auto-commit mode before and afterwards. */
public final class Transactions {

    /** What is done inside a transaction. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T on(Connection connection) throws SQLException;
    }

    private Transactions() {}

    /** Commits when the work returns, rolls back when it throws. */
    public static <T extends @Nullable Object> T write(Connection connection, Work<T> work) throws SQLException {
        connection.setAutoCommit(false);
        try {
            T result = work.on(connection);
            connection.commit();
            connection.setAutoCommit(true);
            return result;
        } catch (SQLException | RuntimeException | Error failure) {
            rollBack(connection, failure);
            throw failure;
        }
    }

    /** All statements see the database as it was at the first of them, and none can change it. */
    public static <T extends @Nullable Object> T read(Connection connection, Work<T> work) throws SQLException {
        return read(connection, "", work);
    }

    /**
     * The same with something done first, in the same round trip.
     *
     * @param first a statement whose result is of no interest; none if empty
     */
    public static <T extends @Nullable Object> T read(Connection connection, String first, Work<T> work)
            throws SQLException {
        return write(connection, inside -> {
            // takes no snapshot; and, unlike the setters of the connection, ends with the transaction
            try (PreparedStatement statement =
                    inside.prepareStatement("set transaction isolation level repeatable read, read only; " + first)) {
                statement.execute();
            }
            return work.on(inside);
        });
    }

    private static void rollBack(Connection connection, Throwable failure) {
        try {
            connection.rollback();
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // the connection is gone, and with it the transaction; the first failure says more
            failure.addSuppressed(e);
        }
    }
}
