package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.TestDatabase;

/**
 * The rows of the pack's views, worked out of the bodies of the live resources in Java.
 *
 * @param database where the resources and the views are
 */
record Recomputation(TestDatabase database) {

    /** Fails unless the view holds exactly the rows that it should, all columns considered. */
    void requireEqual(ExpectedRows view) throws SQLException {
        List<Map<String, @Nullable String>> stored = rows("select * from sqlonfhir." + view.view());
        List<Map<String, @Nullable String>> expected = expected(view);
        assertThat(expected.getFirst().keySet()).isEqualTo(stored.getFirst().keySet());
        assertThat(difference(expected, stored)).as("missing in " + view.view()).isEmpty();
        assertThat(difference(stored, expected))
                .as("too many in " + view.view())
                .isEmpty();
    }

    private List<Map<String, @Nullable String>> expected(ExpectedRows view) throws SQLException {
        List<Map<String, @Nullable String>> expected = new ArrayList<>();
        for (Map<String, @Nullable String> resource : rows("""
                select r.fhir_id as id, v.res_text_vc as body
                  from hfj_resource r join hfj_res_ver v on v.res_id = r.res_id and v.res_ver = r.res_ver
                 where r.res_type = '%s' and r.res_deleted_at is null
                """.formatted(view.resourceType()))) {
            String body = String.valueOf(resource.get("body")).strip();
            Json withId = Json.parse("{\"id\":\"" + resource.get("id") + "\"," + body.substring(1));
            view.rows().apply(withId).forEach(row -> expected.add(row.columns()));
        }
        return expected;
    }

    private List<Map<String, @Nullable String>> rows(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            ResultSetMetaData columns = found.getMetaData();
            List<Map<String, @Nullable String>> rows = new ArrayList<>();
            while (found.next()) {
                Map<String, @Nullable String> row = new TreeMap<>();
                for (int i = 1; i <= columns.getColumnCount(); i++) {
                    row.put(columns.getColumnLabel(i), found.getString(i));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    /** What the first bag holds more often than the second, a few of them. */
    private static <T> List<T> difference(List<T> bag, List<T> other) {
        Map<T, Integer> left = new LinkedHashMap<>();
        bag.forEach(row -> left.merge(row, 1, Integer::sum));
        other.forEach(row -> left.merge(row, -1, Integer::sum));
        return left.entrySet().stream()
                .filter(row -> row.getValue() > 0)
                .map(Map.Entry::getKey)
                .limit(5)
                .toList();
    }
}
