package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
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
                   extract(epoch from statement_timestamp() - m.watermark_at)::bigint as age,
                   extract(epoch from coalesce(m.refresh_interval, interval '24 hours'))::bigint as allowed,
                   coalesce(m.refresh_interval, interval '24 hours')::text as allowed_text,
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
        Duration age = Duration.ofSeconds(now.getLong("age"));
        Duration limit = Duration.ofSeconds(now.getLong("allowed"));
        State state = State.FRESH;
        Optional<String> because = Optional.empty();
        if (locked) {
            state = State.REFRESHING;
        } else if (!now.getBoolean("readable")) {
            state = State.FAILED;
            because = Optional.of("somebody dropped the view; refresh brings it back");
        } else if (view.failed()) {
            state = State.FAILED;
            because = view.lastError();
        } else {
            because = stale(view, now, age.compareTo(limit) > 0);
            state = because.isPresent() ? State.STALE : State.FRESH;
        }
        return new ListedView(view, now.getLong("size"), age, limit, state, because);
    }

    private Optional<String> stale(Materialization view, ResultSet now, boolean old) throws SQLException {
        if (!view.settings().equals(settings.text())) {
            return Optional.of("it was built with other settings: " + view.settings());
        }
        @Nullable String hash = shipped.get(view.view());
        if (hash != null && !hash.equals(view.hash())) {
            return Optional.of("its definition changed");
        }
        if (view.compilerVersion() != ViewSql.VERSION) {
            return Optional.of("it was built by another version of the compiler");
        }
        return old ? Optional.of("limit " + now.getString("allowed_text")) : Optional.empty();
    }
}
