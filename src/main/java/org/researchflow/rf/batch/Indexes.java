package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.sql.Identifiers;

/** The indexes of a stored table: on the resource's key, and on the columns that people search by. */
final class Indexes {

    private static final Pattern KEY = Pattern.compile(".*\\.(getResourceKey\\(\\)|getReferenceKey\\(\\w*\\))");

    // PostgreSQL's program_limit_exceeded: a value too long for a B-tree.
    private static final String TOO_LONG = "54000";

    private Indexes() {}

    /** Creates them, inside of a transaction. */
    static void create(Connection connection, long number, long generation, List<Column> columns) throws SQLException {
        int count = 1;
        create(connection, number, generation, count, "rf_key");
        for (Column column : columns) {
            if (isSearched(column)) {
                create(connection, number, generation, ++count, column.name());
            }
        }
    }

    /** Keys, codes and dates, told by what the column means before its name is asked. */
    static boolean isSearched(Column column) {
        String path = column.path().orElse("");
        String name = column.name().toLowerCase(Locale.ROOT);
        boolean text = column.sqlType().startsWith("text") || column.sqlType().startsWith("character");
        boolean key = KEY.matcher(path).matches() || name.equals("id") || name.endsWith("_id");
        boolean code = column.fhirType().equals("code") || path.endsWith(".code");
        boolean moment = column.sqlType().equals("date") || column.sqlType().startsWith("timestamp");
        return !column.collection() && (moment || (text && (key || code)));
    }

    /** Whether rows were refused that the stored table can take without one of its indexes. */
    static boolean isTooLong(SQLException error) {
        return TOO_LONG.equals(error.getSQLState());
    }

    private static void create(Connection connection, long number, long generation, int count, String column)
            throws SQLException {
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.execute("create index " + Generation.storeName(number, generation) + "_i" + count + " on "
                    + Generation.store(number, generation) + " (" + Identifiers.identifier(column) + ")");
            connection.releaseSavepoint(before);
        } catch (SQLException e) {
            if (!isTooLong(e)) {
                throw e;
            }
            // The view is right without this index, only slower: such a column holds no codes or keys.
            connection.rollback(before);
        }
    }
}
