package org.researchflow.rf.batch;

import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Sweep;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.ViewSql;

/**
 * The comparison of a view's stored rows, as a bag, with those that its plan makes of the resources in the same
 * snapshot. Resources that changed since the view's watermark are left out: that the view does not know them is no
 * error. Those that were set aside must have no rows.
 */
record Verification(Connection connection, Source source, SourceSettings settings, ResourceNames names) {

    /** So many resources are named as examples. */
    private static final int EXAMPLES = 5;

    /** Compares inside of a transaction that reads one snapshot. */
    Verified of(Materialization existing) throws SQLException {
        Definition definition = Definition.stored(existing.view(), existing.definition(), settings);
        ViewPlan plan = definition.plan();
        String type = plan.resourceType();
        long[] newer = newer(existing, type);
        String leftOut = "(select unnest('{" + list(newer) + "}'::bigint[]) as res_id"
                + (existing.setAside() == 0
                        ? ""
                        : " union all " + new SetAside(connection, existing.number(), existing.generation()).ids())
                + ") left_out";
        String computed = ViewSql.keyed(
                        plan, source.resources().except(leftOut, type, plan.readsId(), plan.readsMeta()))
                .text();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(comparison(existing.store(), computed, type, newer))) {
                row.next();
                return new Verified(
                        existing.view(),
                        row.getLong("rows"),
                        row.getLong("missing"),
                        row.getLong("extra"),
                        named(row.getArray("missing_keys"), type),
                        named(row.getArray("extra_keys"), type),
                        existing.setAside(),
                        live(existing, plan),
                        newer.length);
            }
        }
    }

    /** A live view is compared with all resources: newer ones are what it is for. */
    private Optional<Verified.Live> live(Materialization existing, ViewPlan plan) throws SQLException {
        if (!LiveView.isWanted(connection, existing.view())) {
            return Optional.empty();
        }
        String name = Identifiers.qualified(LiveView.SCHEMA, existing.view());
        String computed = ViewSql.rows(
                        plan, source.resources().of(plan.resourceType(), plan.readsId(), plan.readsMeta()))
                .text();
        Savepoint before = connection.setSavepoint();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet there =
                    statement.executeQuery("select to_regclass(" + Identifiers.literal(name) + ") is not null")) {
                there.next();
                if (!there.getBoolean(1)) {
                    return Optional.of(new Verified.Live.Missing());
                }
            }
            try (ResultSet row = statement.executeQuery(liveComparison(name, computed))) {
                row.next();
                return Optional.of(new Verified.Live.Compared(row.getLong(1)));
            }
        } catch (SQLException e) {
            DataError error = DataError.require(e);
            connection.rollback(before);
            return Optional.of(new Verified.Live.Refused(error.text()));
        }
    }

    private static String liveComparison(String live, String computed) {
        return """
            with live as (
              select md5((s.*)::text)::uuid as digest, count(*) as n from %s s group by 1),
            computed as (
              select md5((c.*)::text)::uuid as digest, count(*) as n from (%s) c group by 1)
            select coalesce(sum(abs(coalesce(live.n, 0) - coalesce(computed.n, 0))), 0)
              from live
              full join computed on computed.digest = live.digest
            """.formatted(live, computed);
    }

    // Whole rows as text: their columns may be of types that PostgreSQL cannot compare, and digits count. With a star:
    // a
    // name alone would be that of a column first.
    private String comparison(String store, String computed, String type, long[] newer) {
        return """
            with newer as materialized (
              select key from (%s) i where res_id = any ('{%s}'::bigint[])),
            stored as (
              select md5((s.*)::text)::uuid as digest, count(*) as n, min(s.rf_key) as key
                from %s s
               where not exists (select from newer where newer.key = s.rf_key)
               group by 1),
            computed as (
              select md5((c.*)::text)::uuid as digest, count(*) as n, min(c.rf_key) as key
                from (%s) c
               group by 1)
            select coalesce(sum(greatest(coalesce(computed.n, 0) - coalesce(stored.n, 0), 0)), 0) as missing,
                   coalesce(sum(greatest(coalesce(stored.n, 0) - coalesce(computed.n, 0), 0)), 0) as extra,
                   (array_agg(distinct computed.key) filter (where coalesce(computed.n, 0) > coalesce(stored.n, 0)))[:%d]
                     as missing_keys,
                   (array_agg(distinct stored.key) filter (where coalesce(stored.n, 0) > coalesce(computed.n, 0)))[:%d]
                     as extra_keys,
                   (select count(*) from %s) as rows
              from stored
              full join computed on computed.digest = stored.digest
            """.formatted(
                        source.resources().identities(type), list(newer), store, computed, EXAMPLES, EXAMPLES, store);
    }

    private static String list(long[] ids) {
        return Arrays.stream(ids).mapToObj(Long::toString).collect(Collectors.joining(","));
    }

    private List<String> named(@Nullable Array keys, String type) throws SQLException {
        return keys == null
                ? List.of()
                : Stream.of((String[]) keys.getArray())
                        .map(key -> names.of(type, key))
                        .toList();
    }

    /** What changed since the watermark; nothing where that cannot be told, so that everything is compared. */
    private long[] newer(Materialization existing, String type) throws SQLException {
        Watermark watermark = existing.watermark();
        if (!watermark.origin().equals(source.state().origin())
                || !Sweep.reaches(source.state(), watermark.oldestTransaction())) {
            return new long[0];
        }
        int age = Sweep.age(connection, watermark.oldestTransaction());
        Optional<Sweep> sweep = source.resources().changes(connection, List.of(type), age);
        return sweep.map(found -> found.changed(type, age))
                .orElseThrow(() -> Failure.of(
                                Failure.Kind.CHECK,
                                existing.view() + " is too old to be verified: millions of " + type
                                        + " resources changed since its last refresh")
                        .note("try", "rf views refresh " + existing.view()));
    }
}
