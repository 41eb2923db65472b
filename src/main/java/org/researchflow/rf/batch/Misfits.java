package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.researchflow.rf.batch.PublishedView.StoredColumn;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.ViewSql;

/** The hidden columns of a lenient view's stored table, which say where a value did not fit. */
final class Misfits {

    private final Connection connection;
    private final String store;
    private final Map<String, StoredColumn> columns;

    private Misfits(Connection connection, String store, Map<String, StoredColumn> columns) {
        this.connection = connection;
        this.store = store;
        this.columns = columns;
    }

    private static Misfits in(Connection connection, String store) throws SQLException {
        Map<String, StoredColumn> columns = new LinkedHashMap<>();
        List<StoredColumn> shown = PublishedView.shown(connection, store);
        for (StoredColumn hidden : PublishedView.hidden(connection, store)) {
            OptionalInt position = ViewSql.misfitPosition(hidden.name());
            if (position.isPresent()) {
                columns.put(hidden.name(), shown.get(position.getAsInt() - 1));
            }
        }
        return new Misfits(connection, store, columns);
    }

    /** Makes the counting of few misfits among many rows cheap, so that every refresh can tell how many there are. */
    static void index(Connection connection, String store, String name) throws SQLException {
        Misfits misfits = in(connection, store);
        if (!misfits.columns.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("create index " + name + " on " + store + " (rf_key) where " + misfits.any());
            }
        }
    }

    /** The columns of a stored table in which there are any; none where the role may not look. */
    static List<Misfit> count(Connection connection, String store) throws SQLException {
        Misfits misfits = in(connection, store);
        return misfits.columns.isEmpty() || !misfits.mayRead() ? List.of() : misfits.count();
    }

    private String any() {
        return columns.keySet().stream().map(Identifiers::identifier).collect(Collectors.joining(" or "));
    }

    private boolean mayRead() throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select has_table_privilege(?, 'select')")) {
            statement.setString(1, store);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private List<Misfit> count() throws SQLException {
        String counts = columns.keySet().stream()
                .map(column -> "count(*) filter (where " + Identifiers.identifier(column) + ")")
                .collect(Collectors.joining(", "));
        List<Misfit> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select " + counts + " from " + store + " where " + any())) {
            row.next();
            int position = 1;
            for (StoredColumn column : columns.values()) {
                long rows = row.getLong(position++);
                if (rows > 0) {
                    found.add(new Misfit(column.name(), column.type(), rows));
                }
            }
        }
        return found;
    }
}
