package org.researchflow.rf.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.researchflow.rf.batch.RunOptions;

/**
 * A scenario that writes resources: however it ends, and be it that it was interrupted, the database is as before.
 *
 * @param scenario which
 * @param bed that it runs on
 * @param hapi by which it writes
 */
record Writing(Scenario scenario, Bed bed, HapiChanges hapi) implements Scenario {

    /** Makes a scenario that writes. */
    @FunctionalInterface
    interface Making {
        Scenario of(Bed bed, HapiChanges hapi) throws SQLException;
    }

    static Scenario open(Bed anywhere, Making making) throws SQLException {
        QueryScenario.materialized(anywhere);
        HapiChanges hapi = HapiChanges.in(anywhere);
        Bed bed = anywhere.onHapi();
        // A bench that was killed took nothing out.
        hapi.restore();
        try {
            return new Writing(making.of(bed, hapi), bed, hapi);
        } catch (SQLException | RuntimeException e) {
            try {
                restore(bed, hapi);
            } catch (SQLException | RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    @Override
    public List<Subject> subjects() {
        return scenario.subjects();
    }

    @Override
    public void close() throws SQLException, IOException {
        try (scenario) {
            restore(bed, hapi);
        }
    }

    private static void restore(Bed bed, HapiChanges hapi) throws SQLException {
        Uninterrupted.run(() -> {
            hapi.restore();
            RefreshScenario.refresh(bed.toTheEnd().batch(), RunOptions.Refresh.EXACT);
        });
    }
}
