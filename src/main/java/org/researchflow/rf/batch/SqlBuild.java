package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.source.SourceState.Counters;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.view.SqlView;

/**
 * The computing of a SQLView's rows.
 *
 * @param connection of its own
 * @param view what is computed
 * @param graph of the views that there are
 */
record SqlBuild(Connection connection, SqlView view, SqlGraph graph) {

    /** Builds a generation and commits it; nobody reads it yet. */
    Generation generation(Build.Numbers numbers) throws SQLException {
        String statement = SqlViews.statement(view, graph);
        return Transactions.write(connection, _ -> {
            Snapshot.endWithClient(connection);
            Watermark watermark = watermark();
            long started = System.nanoTime();
            long number = numbers.view().isPresent() ? numbers.view().get() : Catalog.newNumber(connection);
            String name = Generation.storeName(number, numbers.generation());
            String store = Generation.store(number, numbers.generation());
            boolean keyed = view.storage().keyed();
            // Below a select, PostgreSQL takes nothing that writes.
            long rows = execute("create " + (keyed ? "materialized view " : "table ") + store + " as\nselect * from (\n"
                    + statement + "\n) made");
            requireNothingHidden(store);
            index(name, store);
            execute("analyze " + store);
            new Comments(view.description(), view.columns())
                    .putOn(
                            connection,
                            keyed ? "materialized view" : "table",
                            store,
                            view.columns().keySet());
            Generation built = new Generation(
                    view.name(),
                    new Form(Kind.SQL_VIEW, view.storage().schema(), keyed),
                    number,
                    numbers.generation(),
                    SqlViews.NO_RESOURCE,
                    view.source().text(),
                    "",
                    SqlViews.hash(view),
                    0,
                    watermark,
                    new Reconciliation(watermark.at(), new Counters("", "")),
                    Generation.transactionId(connection),
                    rows,
                    0,
                    (System.nanoTime() - started) / 1_000_000);
            Catalog.record(connection, built);
            return built;
        });
    }

    /** Makes PostgreSQL compute a materialized view anew while people read it; returns the number of its rows. */
    long refresh(Materialization existing) throws SQLException {
        long started = System.nanoTime();
        return Transactions.write(connection, _ -> {
            Snapshot.endWithClient(connection);
            Watermark watermark = watermark();
            execute("refresh materialized view concurrently " + existing.store());
            long rows = count(existing.store());
            Catalog.recomputed(connection, existing, watermark, rows, Duration.ofNanos(System.nanoTime() - started));
            return rows;
        });
    }

    /**
     * What the rows will be complete for: this moment, or that of the oldest view among those that are read. Asked before
     * they are computed, which is early enough: each statement sees what committed before it.
     */
    private Watermark watermark() throws SQLException {
        Collection<String> reads = graph.reads(view.name());
        try (PreparedStatement statement = connection.prepareStatement("""
                select pg_current_snapshot()::text as snapshot,
                       least(statement_timestamp(),
                             (select min(watermark_at)
                                from sqlonfhir.materialized_view_metadata
                               where view_name = any (?))) as complete_at
                """)) {
            statement.setArray(1, connection.createArrayOf("text", reads.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Watermark(
                        row.getString("snapshot"),
                        row.getObject("complete_at", OffsetDateTime.class).toInstant(),
                        "");
            }
        }
    }

    private void requireNothingHidden(String store) throws SQLException {
        List<PublishedView.StoredColumn> hidden = PublishedView.hidden(connection, store);
        if (!hidden.isEmpty()) {
            throw Failure.usage("column \"" + hidden.getFirst().name() + "\" of " + view.name() + " cannot be stored")
                    .note("why", "stored tables have columns of that name for rf itself")
                    .note("try", "another name for the column");
        }
    }

    private void index(String name, String store) throws SQLException {
        if (view.storage().keyed()) {
            execute("create unique index " + name + "_key on " + store + ' '
                    + columns(view.storage().uniqueKey()));
        }
        int count = 0;
        for (List<String> index : view.storage().indexes()) {
            execute("create index " + name + "_i" + ++count + " on " + store + ' ' + columns(index));
        }
    }

    private static String columns(List<String> names) {
        return names.stream().map(Identifiers::identifier).collect(Collectors.joining(", ", "(", ")"));
    }

    private long count(String relation) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + relation)) {
            row.next();
            return row.getLong(1);
        }
    }

    private long execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
            return statement.getLargeUpdateCount();
        }
    }
}
