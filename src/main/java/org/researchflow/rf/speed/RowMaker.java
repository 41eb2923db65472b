package org.researchflow.rf.speed;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.researchflow.rf.batch.Catalog;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Layout;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.ViewReader;

/**
 * Makes, in a round's snapshot, the rows of the changed resources for each materialized view over them. They are made by
 * the view's own SQL over the source: a query that finds them need not evaluate anything.
 */
final class RowMaker {

    /** Compiled once for all rounds of a poller. */
    private final Map<KeptRows, ViewPlan> compiled = new HashMap<>();

    /** The materialized views whose rows can be made, with the oldest transaction that their stored rows may miss. */
    Map<KeptRows, Long> views(Connection connection, SourceSettings settings, String origin) throws SQLException {
        Map<KeptRows, Long> views = new HashMap<>();
        if (!Catalog.mayRead(connection)) {
            return views;
        }
        for (Materialization view : Catalog.ofResources(connection)) {
            if (view.isOf(settings) && view.watermark().origin().equals(origin)) {
                KeptRows rows = KeptRows.of(view);
                compiled.computeIfAbsent(rows, _ -> compile(view, settings));
                views.merge(
                        rows,
                        view.watermark().oldestTransaction(),
                        (one, other) -> Long.compareUnsigned(one, other) <= 0 ? one : other);
            }
        }
        return views;
    }

    private static ViewPlan compile(Materialization view, SourceSettings settings) {
        return settings.reading()
                .of(ViewCompiler.compile(
                        ViewReader.read("the stored definition of " + view.view(), view.definition())));
    }

    /**
     * The rows that a view makes of some resources, by their keys; those without rows are not among them. Empty if the
     * view's SQL fails on one of them: on which, whoever asks a question finds.
     *
     * @param connection in the round's transaction
     */
    Optional<Map<String, byte[]>> make(Connection connection, Resources resources, KeptRows view, long[] ids)
            throws SQLException {
        ViewPlan plan = compiled.get(view);
        if (plan == null) {
            throw new IllegalArgumentException("a view that was not looked up");
        }
        Savepoint before = connection.setSavepoint();
        try {
            return Optional.of(made(connection, resources, plan, ids));
        } catch (SQLException e) {
            DataError.require(e);
            connection.rollback(before);
            return Optional.empty();
        } finally {
            connection.releaseSavepoint(before);
        }
    }

    private static Map<String, byte[]> made(Connection connection, Resources resources, ViewPlan plan, long[] ids)
            throws SQLException {
        int width = plan.columns().size();
        String columns = plan.columns().stream()
                .map(column -> ", " + Identifiers.identifier(column.name()) + "::text")
                .collect(Collectors.joining());
        String keyed = ViewSql.keyed(
                        plan, resources.among("changed", plan.resourceType(), plan.readsId(), plan.readsMeta()))
                .text();
        Map<String, PackedRows> made = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "with changed as materialized (select unnest(?::bigint[]) as res_id)\nselect rf_key" + columns
                        + "\nfrom " + Layout.nested(keyed) + " as r")) {
            statement.setArray(1, connection.unwrap(PGConnection.class).createArrayOf("int8", ids));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    PackedRows rows = made.computeIfAbsent(row.getString(1), PackedRows::new);
                    rows.row();
                    for (int i = 0; i < width; i++) {
                        rows.value(row.getString(i + 2));
                    }
                }
            }
        }
        Map<String, byte[]> packed = new HashMap<>();
        made.forEach((key, rows) -> packed.put(key, rows.bytes()));
        return packed;
    }
}
