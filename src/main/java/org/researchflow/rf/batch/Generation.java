package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.researchflow.rf.sql.Identifiers;

/**
 * One full build of a view.
 *
 * @param view the view's name
 * @param form what the view is, and how the rows are kept
 * @param number the view's number, from which its stored tables are named
 * @param generation which of its builds this is
 * @param resourceType what the view is over; a dash for a SQLView
 * @param definition the document as given
 * @param settings the settings under which it was read
 * @param hash of both
 * @param compilerVersion which compiler wrote the SQL
 * @param watermark what the rows are complete for
 * @param reconciliation the build itself
 * @param transaction the id (xid8) of the transaction that built it
 * @param rows how many
 * @param setAside how many live resources have none
 * @param durationMs how long the build took
 */
record Generation(
        String view,
        Form form,
        long number,
        long generation,
        String resourceType,
        String definition,
        String settings,
        String hash,
        int compilerVersion,
        Watermark watermark,
        Reconciliation reconciliation,
        String transaction,
        long rows,
        long setAside,
        long durationMs) {

    /** The stored table, as SQL text. */
    String store() {
        return store(number, generation);
    }

    static String store(long number, long generation) {
        return Identifiers.qualified(Catalog.STORE, storeName(number, generation));
    }

    /** The id of a transaction that writes. */
    static String transactionId(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select pg_current_xact_id()::text")) {
            row.next();
            return row.getString(1);
        }
    }

    static String storeName(long number, long generation) {
        return "v" + number + "_g" + generation;
    }
}
