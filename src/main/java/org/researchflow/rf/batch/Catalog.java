package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.source.ResourceStore;
import org.researchflow.rf.source.SourceState.Counters;

/** The batch layer's own tables: the views that people read, and the generations that were built for them. */
public final class Catalog {

    /** The schema that people query. */
    public static final String VIEWS = "sqlonfhir";

    /** The schema of the stored rows. */
    static final String STORE = "sqlonfhir_store";

    private static final String FIND = Form.select("""
            view_name, view_number, generation, resource_type, definition, settings, definition_hash,
            compiler_version, watermark, watermark_at, origin, reconciled_at, deletions, tag_changes,
            last_refreshed, duration_ms, row_count, column_count, status, last_error, set_aside
            """, "sqlonfhir.materialized_view_metadata");

    /**
     * A text that changes with whatever an answer out of stored rows depends on in the catalog, as SQL; never null. A row
     * that was changed, or is new, was written by another transaction than all that were there before; in a database that
     * went back to an earlier state, where transactions count from there again, the moments are others.
     */
    public static final String MARK = "concat((select concat(array_agg(xmin), ' ', max(watermark_at))"
            + " from sqlonfhir.materialized_view_metadata), ' ', " + ResourceStore.PRESENT + ")";

    private static final String PUBLISHED =
            "select found.*, " + MARK + " as mark from (" + FIND + ") as found order by view_name";

    private static final String PENDING = Form.select("g.*, set_aside as without_rows", """
            sqlonfhir_store.generation g
             where g.view_name = ?
               and g.generation > coalesce((select m.generation
                                              from sqlonfhir.materialized_view_metadata m
                                             where m.view_number = g.view_number), 0)
             order by g.generation desc
             limit 1
            """);

    private static final String KINDS = Form.select("view_name", "sqlonfhir.materialized_view_metadata") + " union all "
            + Form.select("view_name", "sqlonfhir_store.generation");

    // The schedule of a view that is published again is the one that the view has by now; so is whether it is live.
    private static final String PUBLISH = """
            insert into sqlonfhir.materialized_view_metadata as m (
                   view_name, view_number, resource_type, status, definition, settings, definition_hash,
                   compiler_version, generation, watermark, watermark_at, last_refreshed, duration_ms, row_count,
                   size_bytes, column_count, origin, reconciled_at, deletions, tag_changes, refresh_interval,
                   auto_refresh, set_aside, live, kind, schema_name, keyed)
            select view_name, view_number, resource_type, 'active', definition, settings, definition_hash,
                   compiler_version, generation, watermark, watermark_at, statement_timestamp(), duration_ms, row_count,
                   pg_total_relation_size(?::regclass),
                   (select count(*) from pg_catalog.pg_attribute
                     where attrelid = ?::regclass and attnum > 0 and not attisdropped
                       and attname not in ('rf_key', 'rf_version') and attname !~ '^rf_misfit_[0-9]+$'),
                   origin, reconciled_at, deletions, tag_changes, refresh_interval, auto_refresh, set_aside, live,
                   kind, schema_name, keyed
              from sqlonfhir_store.generation
             where view_number = ? and generation = ?
                on conflict (view_name) do update
               set (view_number, resource_type, status, definition, settings, definition_hash, compiler_version,
                    generation, watermark, watermark_at, last_refreshed, duration_ms, row_count, size_bytes,
                    column_count, origin, reconciled_at, deletions, tag_changes, last_error, last_error_at,
                    rows_inserted, rows_deleted, set_aside, kind, schema_name, keyed)
                 = (excluded.view_number, excluded.resource_type, excluded.status, excluded.definition,
                    excluded.settings, excluded.definition_hash, excluded.compiler_version, excluded.generation,
                    excluded.watermark, excluded.watermark_at, excluded.last_refreshed, excluded.duration_ms,
                    excluded.row_count, excluded.size_bytes, excluded.column_count,
                    excluded.origin, excluded.reconciled_at, excluded.deletions, excluded.tag_changes, null, null,
                    null, null, excluded.set_aside, excluded.kind, excluded.schema_name, excluded.keyed)
            """;

    private Catalog() {}

    /** Whether the role may look into the catalog; so it may when there is none. */
    public static boolean mayRead(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select " + CatalogTables.MAY_READ)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Every view that people can read, by name; none when nothing was ever created in this database. */
    public static List<Materialization> all(Connection connection) throws SQLException {
        return CatalogTables.exist(connection) ? published(connection).views() : List.of();
    }

    /**
     * All views that people can read.
     *
     * @param views by name
     * @param mark what {@link #MARK} was then; empty where there are none
     */
    public record Published(List<Materialization> views, Optional<String> mark) {

        public Published {
            views = List.copyOf(views);
        }

        public static final Published NONE = new Published(List.of(), Optional.empty());
    }

    /** The same where it is known that there is a catalog. */
    static Published published(Connection connection) throws SQLException {
        List<Materialization> found = new ArrayList<>();
        Optional<String> mark = Optional.empty();
        try (PreparedStatement statement = connection.prepareStatement(PUBLISHED);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                found.add(materialization(row));
                mark = Optional.of(row.getString("mark"));
            }
        }
        return new Published(found, mark);
    }

    /** Those of them that are ViewDefinitions. */
    public static List<Materialization> ofResources(Connection connection) throws SQLException {
        return all(connection).stream().filter(view -> !view.form().isSql()).toList();
    }

    /** What each view is, those included whose first build is not published yet. */
    static Map<String, Kind> kinds(Connection connection) throws SQLException {
        Map<String, Kind> kinds = new TreeMap<>();
        if (CatalogTables.exist(connection)) {
            try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(KINDS)) {
                while (row.next()) {
                    kinds.put(row.getString("view_name"), Form.read(row).kind());
                }
            }
        }
        return kinds;
    }

    static Optional<Materialization> find(Connection connection, String view) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND + " where view_name = ?")) {
            statement.setString(1, view);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(materialization(row)) : Optional.empty();
            }
        }
    }

    /** The newest build of a view that people don't read yet. */
    static Optional<Generation> pending(Connection connection, String view) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PENDING)) {
            statement.setString(1, view);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Optional.of(generation(row)) : Optional.empty();
            }
        }
    }

    /** The names of all views, those included whose first build is not published yet. */
    static Set<String> names(Connection connection) throws SQLException {
        return kinds(connection).keySet();
    }

    /** The number of a view that was ever built. */
    static Optional<Long> number(Connection connection, String view) throws SQLException {
        Optional<Materialization> existing = find(connection, view);
        return existing.isPresent()
                ? existing.map(Materialization::number)
                : pending(connection, view).map(Generation::number);
    }

    /** What a view is that was ever built. */
    static Form form(Connection connection, String view) throws SQLException {
        Optional<Materialization> existing = find(connection, view);
        return existing.isPresent()
                ? existing.get().form()
                : pending(connection, view).map(Generation::form).orElse(Form.VIEW_DEFINITION);
    }

    static long newNumber(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select nextval('sqlonfhir_store.view_number')")) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Keeps a finished build; in the transaction that built it. */
    static void record(Connection connection, Generation built) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into sqlonfhir_store.generation (
                       view_name, view_number, generation, resource_type, definition, settings, definition_hash,
                       compiler_version, watermark, watermark_at, transaction_id, row_count, duration_ms, origin,
                       reconciled_at, deletions, tag_changes, set_aside, kind, schema_name, keyed)
                values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)) {
            statement.setString(1, built.view());
            statement.setLong(2, built.number());
            statement.setLong(3, built.generation());
            statement.setString(4, built.resourceType());
            statement.setString(5, built.definition());
            statement.setString(6, built.settings());
            statement.setString(7, built.hash());
            statement.setInt(8, built.compilerVersion());
            statement.setString(9, built.watermark().snapshot());
            statement.setObject(10, built.watermark().at().atOffset(ZoneOffset.UTC));
            statement.setString(11, built.transaction());
            statement.setLong(12, built.rows());
            statement.setLong(13, built.durationMs());
            statement.setString(14, built.watermark().origin());
            statement.setObject(15, built.reconciliation().at().atOffset(ZoneOffset.UTC));
            statement.setString(16, built.reconciliation().counters().deletions());
            statement.setString(17, built.reconciliation().counters().tags());
            statement.setLong(18, built.setAside());
            statement.setString(19, built.form().kind().toString());
            statement.setString(20, built.form().schema());
            statement.setBoolean(21, built.form().keyed());
            statement.executeUpdate();
        }
    }

    /** Makes a generation the one that people read, as far as the catalog is concerned. */
    static void publish(Connection connection, Generation built) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUBLISH)) {
            statement.setString(1, built.store());
            statement.setString(2, built.store());
            statement.setLong(3, built.number());
            statement.setLong(4, built.generation());
            statement.executeUpdate();
        }
    }

    /**
     * Moves the watermark of the generation that people read, in the transaction that changed its rows; a {@link Failure}
     * when people read another generation by now: a run that lost its connection may still have published one.
     */
    static long moveWatermark(Connection connection, Advance advance) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                update sqlonfhir.materialized_view_metadata
                   set watermark = ?, watermark_at = ?, origin = ?, reconciled_at = ?, deletions = ?, tag_changes = ?,
                       row_count = row_count + ?, duration_ms = ?, size_bytes = pg_total_relation_size(?::regclass),
                       last_refreshed = clock_timestamp(), status = 'active', last_error = null, last_error_at = null,
                       rows_inserted = ?, rows_deleted = ?, set_aside = ?
                 where view_name = ? and view_number = ? and generation = ?
                returning row_count
                """)) {
            statement.setString(1, advance.watermark().snapshot());
            statement.setObject(2, advance.watermark().at().atOffset(ZoneOffset.UTC));
            statement.setString(3, advance.watermark().origin());
            statement.setObject(4, advance.reconciliation().at().atOffset(ZoneOffset.UTC));
            statement.setString(5, advance.reconciliation().counters().deletions());
            statement.setString(6, advance.reconciliation().counters().tags());
            statement.setLong(7, advance.inserted() - advance.deleted());
            statement.setLong(8, advance.took().toMillis());
            statement.setString(9, advance.existing().store());
            statement.setLong(10, advance.inserted());
            statement.setLong(11, advance.deleted());
            statement.setLong(12, advance.setAside());
            statement.setString(13, advance.existing().view());
            statement.setLong(14, advance.existing().number());
            statement.setLong(15, advance.existing().generation());
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    throw publishedMeanwhile(advance.existing());
                }
                return row.getLong("row_count");
            }
        }
    }

    /**
     * Keeps that PostgreSQL computed a materialized view anew, in the same transaction; a {@link Failure} when people read
     * another generation by now.
     */
    static void recomputed(
            Connection connection, Materialization existing, Watermark watermark, long rows, Duration took)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                update sqlonfhir.materialized_view_metadata
                   set watermark = ?, watermark_at = ?, reconciled_at = ?, row_count = ?, duration_ms = ?,
                       size_bytes = pg_total_relation_size(?::regclass), last_refreshed = clock_timestamp(),
                       status = 'active', last_error = null, last_error_at = null
                 where view_name = ? and view_number = ? and generation = ?
                """)) {
            statement.setString(1, watermark.snapshot());
            statement.setObject(2, watermark.at().atOffset(ZoneOffset.UTC));
            statement.setObject(3, watermark.at().atOffset(ZoneOffset.UTC));
            statement.setLong(4, rows);
            statement.setLong(5, took.toMillis());
            statement.setString(6, existing.store());
            statement.setString(7, existing.view());
            statement.setLong(8, existing.number());
            statement.setLong(9, existing.generation());
            if (statement.executeUpdate() == 0) {
                throw publishedMeanwhile(existing);
            }
        }
    }

    private static Failure publishedMeanwhile(Materialization existing) {
        return Failure.failed(existing.view() + " was published anew by another run meanwhile")
                .note("try", "rf views refresh " + existing.view());
    }

    /**
     * What an incremental refresh did.
     *
     * @param existing what people read
     * @param watermark what its rows are complete for now
     * @param reconciliation the last one
     * @param deleted how many rows went
     * @param inserted how many came
     * @param setAside how many live resources have no rows
     * @param took how long it took
     */
    record Advance(
            Materialization existing,
            Watermark watermark,
            Reconciliation reconciliation,
            long deleted,
            long inserted,
            long setAside,
            Duration took) {}

    static Optional<Instant> recordFailure(Connection connection, String view, String error) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                update sqlonfhir.materialized_view_metadata
                   set status = 'failed', last_error = ?, last_error_at = statement_timestamp()
                 where view_name = ?
                returning watermark_at
                """)) {
            statement.setString(1, error);
            statement.setString(2, view);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(row.getObject(1, OffsetDateTime.class).toInstant())
                        : Optional.empty();
            }
        }
    }

    /** Removes what the catalog knows of a view. */
    static void forget(Connection connection, String view) throws SQLException {
        for (String table : List.of("sqlonfhir_store.tag_digest", SetAside.TABLE)) {
            try (PreparedStatement statement = connection.prepareStatement(
                    "delete from " + table
                            + " where view_number in (select view_number from sqlonfhir_store.generation where view_name = ?)")) {
                statement.setString(1, view);
                statement.executeUpdate();
            }
        }
        for (String table : List.of(
                "sqlonfhir.refresh_history", "sqlonfhir.materialized_view_metadata", "sqlonfhir_store.generation")) {
            try (PreparedStatement statement =
                    connection.prepareStatement("delete from " + table + " where view_name = ?")) {
                statement.setString(1, view);
                statement.executeUpdate();
            }
        }
    }

    private static Materialization materialization(ResultSet row) throws SQLException {
        @Nullable String lastError = row.getString("last_error");
        return new Materialization(
                row.getString("view_name"),
                Form.read(row),
                row.getLong("view_number"),
                row.getLong("generation"),
                row.getString("resource_type"),
                row.getString("definition"),
                row.getString("settings"),
                row.getString("definition_hash"),
                row.getInt("compiler_version"),
                watermark(row),
                reconciliation(row),
                row.getObject("last_refreshed", OffsetDateTime.class).toInstant(),
                Duration.ofMillis(row.getLong("duration_ms")),
                row.getLong("row_count"),
                row.getInt("column_count"),
                row.getLong("set_aside"),
                row.getString("status").equals("failed"),
                Optional.ofNullable(lastError));
    }

    private static Generation generation(ResultSet row) throws SQLException {
        return new Generation(
                row.getString("view_name"),
                Form.read(row),
                row.getLong("view_number"),
                row.getLong("generation"),
                row.getString("resource_type"),
                row.getString("definition"),
                row.getString("settings"),
                row.getString("definition_hash"),
                row.getInt("compiler_version"),
                watermark(row),
                reconciliation(row),
                row.getString("transaction_id"),
                row.getLong("row_count"),
                row.getLong("without_rows"),
                row.getLong("duration_ms"));
    }

    private static Watermark watermark(ResultSet row) throws SQLException {
        return new Watermark(
                row.getString("watermark"),
                row.getObject("watermark_at", OffsetDateTime.class).toInstant(),
                row.getString("origin"));
    }

    // An rf that did not reconcile yet made full builds only.
    private static Reconciliation reconciliation(ResultSet row) throws SQLException {
        @Nullable OffsetDateTime at = row.getObject("reconciled_at", OffsetDateTime.class);
        return new Reconciliation(
                at == null ? watermark(row).at() : at.toInstant(),
                new Counters(row.getString("deletions"), row.getString("tag_changes")));
    }
}
