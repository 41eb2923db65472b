package org.researchflow.rf.batch;

import java.util.List;
import java.util.stream.Collectors;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.SourceState;
import org.researchflow.rf.source.Sweep;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Layout;
import org.researchflow.rf.sql.Raised;
import org.researchflow.rf.sql.ViewSql;

/**
 * The query of a live view: the stored rows of one generation, those of changed resources masked, and the rows that the
 * plan makes of their current versions. It looks up the watermark and finds the changes each time it is read, and fails
 * where it cannot be exact.
 *
 * @param plan of the view
 * @param stored the rows that people read
 * @param resources the source, as a {@linkplain Resources#lasting kept query} reads it
 * @param layout of the source's tables now
 */
record LiveSql(ViewPlan plan, Materialization stored, Resources resources, String layout) {

    private static final String REFRESH = "rf views refresh ";
    private static final String STATE = "rf_state";
    private static final String SWEPT = "rf_swept";
    private static final String CHANGED = "rf_changed";

    /**
     * The text.
     *
     * @param columns that the view shows
     */
    String text(List<String> columns) {
        String names = columns.stream().map(Identifiers::identifier).collect(Collectors.joining(", "));
        return "with rf_known as materialized " + Layout.nested(known())
                + ",\n" + STATE + " as materialized " + Layout.nested(state())
                + ",\n" + SWEPT + " as materialized " + Layout.nested(swept())
                + ",\nrf_guard as materialized " + Layout.nested(guard())
                + ",\n" + CHANGED + " as materialized " + Layout.nested(changed())
                + "\nselect " + names + "\n  from " + stored.store() + " b"
                + "\n where not exists (select from " + CHANGED + " c where c.key = b.rf_key)"
                + "\n union all\nselect " + names + "\n  from " + Layout.nested(fresh()) + " fresh";
    }

    // One row whatever there is: none would make the rest of the query yield nothing.
    private String known() {
        return """
                select coalesce(max(watermark), '') as watermark, coalesce(max(origin), '') as origin,
                       count(*) as generations
                  from sqlonfhir.materialized_view_metadata
                 where %s""".formatted(ours());
    }

    /** The age of the oldest transaction whose rows may be news; transaction ids must be comparable to tell. */
    private String state() {
        return """
                select case
                         when k.generations = 0 then %s
                         when k.origin <> %s then %s
                         when %s <> %s then %s
                         when pg_snapshot_xmax(pg_current_snapshot())::text::bigint
                              - pg_snapshot_xmin(k.watermark::pg_snapshot)::text::bigint not between 0 and %d then %s
                         else age(pg_snapshot_xmin(k.watermark::pg_snapshot)::xid)
                       end as age
                  from rf_known k""".formatted(
                refused("k.watermark", "has no stored rows any more, or newer ones; " + REFRESH + stored.view()),
                SourceState.ORIGIN,
                refused(
                        "k.origin",
                        "was built before this database was restored, upgraded or failed over; " + REFRESH
                                + stored.view()),
                resources.layout(),
                Identifiers.literal(layout),
                refused(
                        "k.origin",
                        "was made before the tables of the resources changed; rf views set " + stored.view()
                                + " --live"),
                Sweep.COMPARABLE,
                refused("k.watermark", "was refreshed too many transactions ago; " + REFRESH + stored.view()));
    }

    // As an array, since the planner takes that for short: it then looks resources up, and never reads all bodies to
    // find a few.
    private String swept() {
        return "select res_id from unnest(array(\n"
                + resources
                        .writtenUpTo(plan.resourceType(), "(select s.age from " + STATE + " s)")
                        .indent(4)
                        .stripTrailing()
                + ")) u (res_id)";
    }

    /** Fails when a changed resource cannot be read, or one that did not change has no stored rows for a reason. */
    private String guard() {
        String unreadable = resources
                .unreadable(plan.resourceType())
                .map(query -> "\n         when exists (select from " + Layout.nested(query)
                        + " u\n                where u.res_id in (select res_id from " + SWEPT + ")) then "
                        + refused(
                                "k.watermark",
                                "holds changed resources whose bodies SQL cannot read; " + REFRESH + stored.view()))
                .orElse("");
        // The age is looked at even if there is no resource to compare it with.
        return """
                select case
                         when s.age is null then false%s
                         when exists (select from %s a
                                       where %s
                                         and a.res_id not in (select res_id from %s)) then %s is null
                         else true
                       end as passed
                  from rf_known k, %s s""".formatted(
                        unreadable.isEmpty() ? "" : unreadable + " is null",
                        SetAside.TABLE,
                        ours(),
                        SWEPT,
                        refused(
                                "k.watermark",
                                "would lack resources that were set aside; rf views status " + stored.view()
                                        + " tells why, sqlonfhir." + stored.view() + " has the others"),
                        STATE);
    }

    private String changed() {
        return """
                select i.res_id, i.key
                  from %s w
                  join %s i on i.res_id = w.res_id
                 where (select g.passed from rf_guard g)""".formatted(SWEPT, Layout.nested(resources.identities(plan.resourceType())));
    }

    private String fresh() {
        return ViewSql.rows(plan, resources.among(CHANGED, plan.resourceType(), plan.readsId(), plan.readsMeta()))
                .text();
    }

    private String ours() {
        return "view_number = " + stored.number() + " and generation = " + stored.generation();
    }

    /**
     * An expression that fails.
     *
     * @param hanging the value that it hangs on, so that it is not evaluated beforehand
     * @param what what is wrong with the view, and what to do
     */
    private String refused(String hanging, String what) {
        return Raised.by(Identifiers.literal("sqlonfhir_live." + stored.view() + " " + what)
                        .strip() + " || left(" + hanging + ", 0)");
    }
}
