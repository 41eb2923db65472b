package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.ListedView.State;
import org.researchflow.rf.sql.ViewSql;

/** The materialized views with the states that are computed when somebody asks. */
record Listing(Connection connection, SourceSettings settings, Map<String, String> shipped) {

    private static final String NOW = """
            select coalesce(pg_total_relation_size(s.oid), 0) as size,
                   statement_timestamp() - m.watermark_at
                     > coalesce(m.refresh_interval, interval '24 hours') as old,
                   coalesce(m.refresh_interval, interval '24 hours')::text as allowed,
                   exists (select from pg_catalog.pg_class v
                             join pg_catalog.pg_namespace n on n.oid = v.relnamespace and n.nspname = 'sqlonfhir'
                            where v.relname = m.view_name) as readable
              from sqlonfhir.materialized_view_metadata m
              left join pg_catalog.pg_class s
                on s.relname = 'v' || m.view_number || '_g' || m.generation
               and s.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'sqlonfhir_store')
             where m.view_name = ?
            """;

    List<ListedView> views() throws SQLException {
        List<Materialization> all = Catalog.all(connection);
        Set<String> locked = ViewLock.held(
                connection, all.stream().map(Materialization::view).toList());
        List<ListedView> listed = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(NOW)) {
            for (Materialization view : all) {
                statement.setString(1, view.view());
                try (ResultSet now = statement.executeQuery()) {
                    // A view dropped since then is not listed.
                    if (now.next()) {
                        listed.add(listed(view, now, locked.contains(view.view())));
                    }
                }
            }
        }
        return listed;
    }

    private ListedView listed(Materialization view, ResultSet now, boolean locked) throws SQLException {
        long size = now.getLong("size");
        if (locked) {
            return new ListedView(view, size, State.REFRESHING, Optional.empty());
        }
        if (!now.getBoolean("readable")) {
            return new ListedView(
                    view, size, State.FAILED, Optional.of("somebody dropped the view; refresh brings it back"));
        }
        if (view.failed()) {
            return new ListedView(view, size, State.FAILED, view.lastError());
        }
        Optional<String> stale = stale(view, now);
        return new ListedView(view, size, stale.isPresent() ? State.STALE : State.FRESH, stale);
    }

    private Optional<String> stale(Materialization view, ResultSet now) throws SQLException {
        @Nullable String hash = shipped.get(view.view());
        if (hash != null && !hash.equals(view.hash())) {
            return Optional.of("its definition changed");
        }
        if (!view.settings().equals(settings.text())) {
            return Optional.of("it was built with other settings: " + view.settings());
        }
        if (view.compilerVersion() != ViewSql.VERSION) {
            return Optional.of("it was built by another version of the compiler");
        }
        return now.getBoolean("old") ? Optional.of("limit " + now.getString("allowed")) : Optional.empty();
    }
}
