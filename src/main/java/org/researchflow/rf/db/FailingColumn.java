package org.researchflow.rf.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewPlan;

/**
 * The search for the column of a view that fails on some data: PostgreSQL does not say which one an error is about, so
 * each is run by itself.
 */
public final class FailingColumn {

    private final Connection connection;
    private final ViewPlan plan;
    private final Function<ViewPlan, String> rows;

    /**
     * Prepares a search.
     *
     * @param rows the rows of a plan over the data in question, as SQL
     */
    public FailingColumn(Connection connection, ViewPlan plan, Function<ViewPlan, String> rows) {
        this.connection = connection;
        this.plan = plan;
        this.rows = rows;
    }

    /** The first column that fails; empty when none does, or what the columns stand on does. */
    public Optional<String> find() throws SQLException {
        if (fails(Set.of())) {
            return Optional.empty();
        }
        for (Column column : plan.columns()) {
            if (fails(column.name())) {
                return Optional.of(column.name());
            }
        }
        return Optional.empty();
    }

    /** Whether a column fails by itself. */
    public boolean fails(String column) throws SQLException {
        return fails(Set.of(column));
    }

    // The whole row as text: a column that nobody reads is not computed.
    private boolean fails(Set<String> columns) throws SQLException {
        return !works(connection, "select max(r::text) from (" + rows.apply(plan.keeping(columns)) + ") r");
    }

    /** Whether a query runs without a {@link DataError}; within a transaction, that goes on in either case. */
    public static boolean works(Connection connection, String query) throws SQLException {
        if (connection.getAutoCommit()) {
            return isWithoutDataError(connection, query);
        }
        Savepoint before = connection.setSavepoint();
        try {
            boolean works = isWithoutDataError(connection, query);
            if (!works) {
                connection.rollback(before);
            }
            return works;
        } finally {
            connection.releaseSavepoint(before);
        }
    }

    private static boolean isWithoutDataError(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(query);
            return true;
        } catch (SQLException e) {
            DataError.require(e);
            return false;
        }
    }
}
