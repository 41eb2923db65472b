package org.researchflow.rf.serving;

import java.sql.Array;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Oid;
import org.postgresql.jdbc.PgArray;

/** Values as parameters of a statement. */
final class Binding {

    private Binding() {}

    /** Binds those from one index to before another. */
    static void bind(PreparedStatement statement, List<@Nullable Object> parameters, int from, int to)
            throws SQLException {
        for (int i = from; i < to; i++) {
            switch (parameters.get(i)) {
                case String[] texts -> statement.setArray(i + 1, array(statement, "text", texts));
                case BinaryTexts texts -> statement.setArray(i + 1, array(statement, texts));
                case long[] numbers -> statement.setArray(i + 1, array(statement, "int8", numbers));
                case null, default -> statement.setObject(i + 1, parameters.get(i));
            }
        }
    }

    private static Array array(PreparedStatement statement, BinaryTexts texts) throws SQLException {
        return new PgArray(statement.getConnection().unwrap(BaseConnection.class), Oid.TEXT_ARRAY, texts.bytes());
    }

    private static Array array(PreparedStatement statement, String type, Object items) throws SQLException {
        return statement.getConnection().unwrap(PGConnection.class).createArrayOf(type, items);
    }
}
