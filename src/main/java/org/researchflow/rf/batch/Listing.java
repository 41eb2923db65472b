package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.ListedView.Change;
import org.researchflow.rf.batch.ListedView.Drift;
import org.researchflow.rf.batch.ListedView.State;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.SqlView;
import org.researchflow.rf.view.ViewDefinition;

/** The materialized views with the states that are computed when somebody asks. */
record Listing(Connection connection, SourceSettings settings, Set<Pack> shipped) {

    // The catalog may be one that an older rf made: what it does not have yet is null in its rows as JSON, each of
    // which is made once (offset 0). There are few views, and PostgreSQL would take them for many: for an exists it
    // would read its own catalogs whole.
    private static final String NOW = """
            select coalesce(pg_total_relation_size(s.oid), 0) as size,
                   coalesce((select true
                               from pg_catalog.pg_attribute a
                              where a.attrelid = s.oid and not a.attisdropped
                                and a.attname ~ '^rf_misfit_[0-9]+$'
                              limit 1), false) as lenient,
                   m.view_name,
                   (1000 * extract(epoch from statement_timestamp() - m.watermark_at))::bigint as age_ms,
                   extract(epoch from m.refresh_interval)::bigint as own_interval,
                   case when c.catalog ?? 'rows_inserted' then m.auto_refresh else true end as automatic,
                   (c.catalog ->> 'rows_inserted')::bigint as inserted,
                   (c.catalog ->> 'rows_deleted')::bigint as deleted,
                   coalesce((select true
                               from pg_catalog.pg_class v
                               join pg_catalog.pg_namespace n on n.oid = v.relnamespace
                              where v.relname = m.view_name
                                and n.nspname = coalesce(c.catalog ->> 'schema_name', 'sqlonfhir')
                              limit 1), false) as readable,
                   coalesce((c.catalog ->> 'live')::boolean, false) as live,
                   coalesce((select true
                               from pg_catalog.pg_class v
                               join pg_catalog.pg_namespace n on n.oid = v.relnamespace
                              where v.relname = m.view_name
                                and n.nspname = 'sqlonfhir_live'
                              limit 1), false) as live_there,
                   case when not pg_is_in_recovery() then %s end as origin
              from sqlonfhir.materialized_view_metadata m
             cross join lateral (select to_jsonb(m) as catalog offset 0) c
             cross join lateral (select coalesce((c.catalog ->> 'keyed')::boolean, false) as keyed) f
              left join lateral (
                   select r.oid
                     from pg_catalog.pg_class r
                     join pg_catalog.pg_namespace n on n.oid = r.relnamespace
                    where r.relname = case when f.keyed then m.view_name else 'v' || m.view_number || '_g' || m.generation end
                      and n.nspname = case when f.keyed then c.catalog ->> 'schema_name' else 'sqlonfhir_store' end
                    limit 1) s on true
            """.formatted(SourceState.ORIGIN);

    List<ListedView> views() throws SQLException {
        List<Materialization> all = Catalog.all(connection);
        if (all.isEmpty()) {
            // There may be no catalog at all.
            return List.of();
        }
        Map<String, String> holders = ViewLock.holders(
                connection, all.stream().map(Materialization::view).toList());
        Map<String, Materialization> known = new HashMap<>();
        all.forEach(view -> known.put(view.view(), view));
        Map<String, ListedView> listed = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(NOW);
                ResultSet now = statement.executeQuery()) {
            while (now.next()) {
                @Nullable Materialization view = known.get(now.getString("view_name"));
                // One created since then is for the next listing.
                if (view != null) {
                    listed.put(view.view(), listed(view, now, Optional.ofNullable(holders.get(view.view()))));
                }
            }
        }
        // One dropped since then is not listed.
        return all.stream()
                .flatMap(view -> Optional.ofNullable(listed.get(view.view())).stream())
                .toList();
    }

    private ListedView listed(Materialization view, ResultSet now, Optional<String> holder) throws SQLException {
        Duration age = Duration.ofMillis(now.getLong("age_ms"));
        Schedule schedule = new Schedule(Schedules.interval(now, "own_interval"), now.getBoolean("automatic"));
        Optional<Drift> drift = drift(view, now.getString("origin"));
        Optional<String> stale = drift.map(Drift::why)
                .or(() -> age.compareTo(schedule.limit()) > 0
                        ? Optional.of("limit " + Schedule.inWords(schedule.limit()))
                        : Optional.empty());
        State state;
        Optional<String> because;
        if (holder.isPresent()) {
            state = State.REFRESHING;
            because = Optional.empty();
        } else if (!now.getBoolean("readable")) {
            state = State.FAILED;
            because = Optional.of("somebody dropped the view; refresh brings it back");
        } else if (view.failed()) {
            state = State.FAILED;
            because = view.lastError();
        } else {
            state = stale.isPresent() ? State.STALE : State.FRESH;
            because = stale;
        }
        return new ListedView(
                view,
                now.getLong("size"),
                age,
                schedule,
                misfits(view, now),
                change(now),
                state,
                because,
                drift,
                holder,
                now.getBoolean("live")
                        ? Optional.of(
                                now.getBoolean("live_there") ? ListedView.Live.PUBLISHED : ListedView.Live.MISSING)
                        : Optional.empty(),
                isForeign(view));
    }

    private List<Misfit> misfits(Materialization view, ResultSet now) throws SQLException {
        return now.getBoolean("lenient") && !view.form().isSql() ? Misfits.count(connection, view.store()) : List.of();
    }

    private static Optional<Change> change(ResultSet now) throws SQLException {
        @Nullable Long inserted = now.getObject("inserted", Long.class);
        return inserted == null ? Optional.empty() : Optional.of(new Change(inserted, now.getLong("deleted")));
    }

    private boolean isForeign(Materialization view) {
        return !view.form().isSql() && settings.areOfAnotherSource(view.settings());
    }

    /** Whether the view is another by now in the pack that it comes with; equal texts need no look at what they mean. */
    private boolean differs(Pack pack, Materialization view) {
        if (pack.document(view.view()).equals(view.definition())) {
            return false;
        }
        String hash = switch (pack.any(view.view())) {
            case ViewDefinition definition -> Definition.hash(definition.json(), settings);
            case SqlView sql -> SqlViews.hash(sql);
        };
        return !hash.equals(view.hash());
    }

    private Optional<Drift> drift(Materialization view, @Nullable String origin) {
        if (isForeign(view)) {
            return Optional.empty();
        }
        boolean sql = view.form().isSql();
        if (!sql && !view.settings().equals(settings.text())) {
            return builtOtherwise("it was built with other settings: " + view.settings());
        }
        if (Pack.of(view.view())
                .filter(shipped::contains)
                .filter(pack -> differs(pack, view))
                .isPresent()) {
            return Optional.of(new Drift("its definition changed", true));
        }
        if (!sql && view.compilerVersion() != ViewSql.VERSION) {
            return builtOtherwise("it was built by another version of the compiler");
        }
        return sql || origin == null || view.watermark().origin().equals(origin)
                ? Optional.empty()
                : builtOtherwise("the database was restored, upgraded or failed over");
    }

    private static Optional<Drift> builtOtherwise(String why) {
        return Optional.of(new Drift(why, false));
    }
}
