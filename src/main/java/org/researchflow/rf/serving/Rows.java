package org.researchflow.rf.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.sql.Layout;

/** How one view's rows come about in a query. */
sealed interface Rows {

    /** They lie in a table. */
    record Stored(String table) implements Rows {}

    /** They are computed on the fly. */
    record Computed(String query) implements Rows {}

    /** There are stored ones, but so much changed that all are computed anew. */
    record Replaced(String table, String query) implements Rows {}

    /**
     * The stored rows of no changed resource, and the rows of the new versions.
     *
     * @param fails whether a new version may make the view's SQL fail
     */
    record Merged(String table, String changes, String fresh, boolean fails) implements Rows {

        // The count makes a resource on which the view's SQL fails known before the first row is given out.
        private String conditions(Optional<String> which) {
            List<String> all = new ArrayList<>();
            if (fails) {
                all.add("(select count(*) from " + fresh + ") >= 0");
            }
            which.ifPresent(all::add);
            return all.isEmpty() ? "" : "\nwhere " + String.join("\n  and ", all);
        }
    }

    /** The rows of changed resources alone. */
    record Fresh(String fresh) implements Rows {}

    /** Whether there is nothing to compute once for several uses. */
    default boolean stored() {
        return switch (this) {
            case Stored _, Merged _, Fresh _ -> true;
            case Computed _, Replaced _ -> false;
        };
    }

    /** The table of the stored rows, if there are any. */
    default Optional<String> storedIn() {
        return switch (this) {
            case Stored(String table) -> Optional.of(table);
            case Merged merged -> Optional.of(merged.table());
            case Replaced(String table, String _) -> Optional.of(table);
            case Computed _, Fresh _ -> Optional.empty();
        };
    }

    /**
     * The query of the rows.
     *
     * @param columns the wanted ones, as SQL text
     * @param which a condition on the rows, if not all are wanted
     */
    default String query(String columns, Optional<String> which) {
        String where = which.map(condition -> "\nwhere " + condition).orElse("");
        return switch (this) {
            case Stored(String table) -> "select " + columns + "\nfrom " + table + where;
            case Computed(String query) -> restricted(query, columns, which);
            case Replaced(String _, String query) -> restricted(query, columns, which);
            case Fresh(String fresh) -> "select " + columns + "\nfrom " + fresh + where;
            case Merged merged ->
                "select " + columns + "\nfrom " + merged.fresh() + merged.conditions(which) + "\nunion all\nselect "
                        + columns
                        + "\nfrom " + merged.table() + " as b\nwhere not exists (select from " + merged.changes()
                        + " as c where c.key = b.rf_key)"
                        + which.map(condition -> "\n  and " + condition).orElse("");
        };
    }

    private static String restricted(String query, String columns, Optional<String> which) {
        return which.map(condition ->
                        "select " + columns + "\nfrom " + Layout.nested(query) + " as r\nwhere " + condition)
                .orElse(query);
    }
}
