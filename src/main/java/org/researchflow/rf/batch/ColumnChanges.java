package org.researchflow.rf.batch;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.PublishedView.StoredColumn;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewPlan;

/** What a new definition does to the columns of a view. */
final class ColumnChanges {

    private ColumnChanges() {}

    /** A plan's columns, with their types as PostgreSQL writes them, without lengths and precisions. */
    static List<StoredColumn> wanted(Connection connection, ViewPlan plan) throws SQLException {
        Array types = connection.createArrayOf(
                "text", plan.columns().stream().map(Column::sqlType).toArray());
        try (PreparedStatement statement = connection.prepareStatement("""
                select coalesce(to_regtype(type)::text, type)
                  from unnest(?) with ordinality as t (type, position)
                 order by position
                """)) {
            statement.setArray(1, types);
            try (ResultSet row = statement.executeQuery()) {
                List<StoredColumn> columns = new ArrayList<>();
                for (Column column : plan.columns()) {
                    row.next();
                    columns.add(new StoredColumn(column.name(), row.getString(1)));
                }
                return columns;
            }
        } finally {
            types.free();
        }
    }

    /** One line a difference, none when names, types and order are the same. */
    static List<String> between(List<StoredColumn> before, List<StoredColumn> after) {
        Map<String, String> old = types(before);
        Map<String, String> now = types(after);
        List<String> changes = new ArrayList<>();
        old.forEach((name, type) -> {
            @Nullable String newType = now.get(name);
            if (newType == null) {
                changes.add("- " + name + ' ' + type);
            } else if (!newType.equals(type)) {
                changes.add("~ " + name + ' ' + type + " becomes " + newType);
            }
        });
        now.forEach((name, type) -> {
            if (!old.containsKey(name)) {
                changes.add("+ " + name + ' ' + type);
            }
        });
        return changes.isEmpty() && !before.equals(after) ? List.of("in another order") : changes;
    }

    private static Map<String, String> types(List<StoredColumn> columns) {
        Map<String, String> types = new LinkedHashMap<>();
        columns.forEach(column -> types.put(column.name(), column.type()));
        return types;
    }
}
