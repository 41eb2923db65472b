package org.researchflow.rf.serving;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Values as parameters of a statement. */
final class Binding {

    private Binding() {}

    /** Binds those from one index to before another. */
    static void bind(PreparedStatement statement, List<@Nullable Object> parameters, int from, int to)
            throws SQLException {
        for (int i = from; i < to; i++) {
            switch (parameters.get(i)) {
                case String[] texts -> statement.setArray(i + 1, array(statement, "text", texts));
                case long[] numbers -> statement.setArray(i + 1, array(statement, "int8", numbers));
                case null, default -> statement.setObject(i + 1, parameters.get(i));
            }
        }
    }

    private static Array array(PreparedStatement statement, String type, Object items) throws SQLException {
        return statement.getConnection().unwrap(PGConnection.class).createArrayOf(type, items);
    }
}
