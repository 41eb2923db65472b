package org.researchflow.rf.serving;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.sql.Layout;
import org.researchflow.rf.sql.ViewSql;

/**
 * The rows of the resources that the source says were written at a moment or later: computed from these resources alone,
 * which costs no more than merging, or read from the stored rows as they are.
 */
record SinceRunner(SourceSettings settings, RunnerName runner, Instant since) implements Runner {

    @Override
    public Relations relations(Connection connection, List<KnownView> views, Timings timings) throws SQLException {
        Resources resources = settings.resources(connection);
        return switch (runner) {
            case HYBRID, POSTGRES -> {
                Relations all = new PostgresRunner(settings).relations(connection, views, timings);
                List<Body> bodies = new ArrayList<>();
                for (KnownView view : views) {
                    bodies.add(Body.of(view, new Rows.Computed(computed(resources, view)), all.asOf()));
                }
                yield all.with(bodies);
            }
            case MATERIALIZED -> {
                Relations all = new MaterializedRunner(settings).relations(connection, views, timings);
                List<Body> bodies = new ArrayList<>();
                for (KnownView view : views) {
                    Body body = Body.of(view, new Rows.Computed(stored(resources, view)), all.asOf());
                    bodies.add(body);
                }
                yield all.with(bodies);
            }
            case SPEED ->
                throw Failure.usage("--changed-since does not go with --runner speed")
                        .note("why", "it looks at what changed lately, whenever that was")
                        .note("try", "--runner hybrid");
        };
    }

    private String written(Resources resources, KnownView view) {
        return resources.updatedSince(view.plan().resourceType(), since);
    }

    private String computed(Resources resources, KnownView view) {
        ViewPlan plan = settings.reading().of(view.plan());
        return ViewSql.rows(
                        plan,
                        resources.among(
                                Layout.nested(written(resources, view)) + " w",
                                plan.resourceType(),
                                plan.readsId(),
                                plan.readsMeta()))
                .text();
    }

    // A stored row of an older version is no row of what was written since.
    private String stored(Resources resources, KnownView view) {
        String table = view.stored().orElseThrow().store();
        String columns = Body.columns(view);
        return "select " + columns + "\nfrom " + table
                + "\nwhere (rf_key, rf_version::text) in (\n    select key, version::text" + "\n    from "
                + Layout.nested(written(resources, view)) + " w\n)";
    }

    @Override
    public Optional<Failure> failure(Connection connection, List<KnownView> views, DataError error)
            throws SQLException {
        return runner == RunnerName.MATERIALIZED
                ? Optional.empty()
                : new PostgresRunner(settings).failure(connection, views, error);
    }
}
