package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Sweep;
import org.researchflow.rf.source.UnreadableBodies;
import org.researchflow.rf.sql.ViewSql;

/**
 * The comparison of a view's stored rows, as a bag, with those that its plan makes of the resources in the same
 * snapshot. Resources that changed since the view's watermark are left out: that the view does not know them is no
 * error.
 */
record Verification(Connection connection, Source source, SourceSettings settings) {

    /** Compares inside of a transaction that reads one snapshot. */
    Verified of(Materialization existing) throws SQLException {
        Definition definition = Definition.stored(existing.view(), existing.definition(), settings);
        ViewPlan plan = definition.plan();
        String type = plan.resourceType();
        UnreadableBodies.refuse(source.resources().unreadable(connection, List.of(type)));
        long[] newer = newer(existing, type);
        String computed = ViewSql.keyed(plan, source.resources().of(type, plan.readsId(), plan.readsMeta()))
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
                        newer.length);
            }
        }
    }

    // Whole rows as text: their columns may be of types that PostgreSQL cannot compare, and digits count.
    private String comparison(String store, String computed, String type, long[] newer) {
        String ids = Arrays.stream(newer).mapToObj(Long::toString).collect(Collectors.joining(","));
        return """
            with newer as materialized (
              select key from (%s) i where res_id = any ('{%s}'::bigint[])),
            stored as (
              select md5(s::text)::uuid as digest, count(*) as n
                from %s s
               where not exists (select from newer where newer.key = s.rf_key)
               group by 1),
            computed as (
              select md5(c::text)::uuid as digest, count(*) as n
                from (%s) c
               where not exists (select from newer where newer.key = c.rf_key)
               group by 1)
            select coalesce(sum(greatest(coalesce(computed.n, 0) - coalesce(stored.n, 0), 0)), 0) as missing,
                   coalesce(sum(greatest(coalesce(stored.n, 0) - coalesce(computed.n, 0), 0)), 0) as extra,
                   (select count(*) from %s) as rows
              from stored
              full join computed on computed.digest = stored.digest
            """.formatted(source.resources().identities(type), ids, store, computed, store);
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
