package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.cohort.Question;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.sql.Sql;

/**
 * Answers questions over views, each in one read-only transaction: first the catalog is read, then the one statement
 * runs over exactly what the catalog named.
 *
 * @param database where the views are
 * @param settings that decide rows
 * @param runner who executes the statement
 */
public record Serving(Database database, SourceSettings settings, RunnerName runner) {

    /** A statement whose table was dropped: its generation was replaced after the catalog was read. */
    private static final String UNDEFINED_TABLE = "42P01";

    private static final int TRIES = 3;

    /** Makes something of the rows of a statement. */
    @FunctionalInterface
    public interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    /** Sees a statement before it runs: to show it, or to be able to cancel it. */
    @FunctionalInterface
    public interface Watcher {
        AutoCloseable running(PreparedStatement statement, Sql sql);
    }

    /** A question that depends on the views there are. */
    @FunctionalInterface
    public interface Asking {
        Question of(KnownViews views);
    }

    /**
     * Asks a question.
     *
     * @throws Failure if no view carries what it needs, or the database cannot answer
     */
    public <T> Answer<T> answer(Asking asking, Reader<T> reader, Function<Sql, Sql> shown) {
        try (Connection connection = database.connect()) {
            return retried(connection, asking, reader, shown);
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    private <T> Answer<T> retried(
            Connection connection, Asking asking, Reader<T> reader, Function<Sql, Sql> shown) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try {
                return Transactions.read(connection, inside -> answer(inside, asking, reader, shown));
            } catch (SQLException e) {
                if (!UNDEFINED_TABLE.equals(e.getSQLState()) || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }
}
