package org.researchflow.rf.batch;

import java.util.Optional;
import org.researchflow.rf.view.SqlView;

/** What is to be done for one SQLView whose lock is held. */
sealed interface SqlWork {

    /** Nothing: the outcome is known. */
    record Settled(Outcome outcome) implements SqlWork {}

    /** PostgreSQL computes it anew while people read it. */
    record Refresh(SqlView view, Materialization existing) implements SqlWork {}

    /**
     * A full generation and its publication.
     *
     * @param number the view's number, if it was built before
     * @param current the generation that people read, 0 for none
     * @param pending a build that was never published
     * @param fresh whether rows as new as this run are wanted, so that the pending build alone won't do
     */
    record Make(SqlView view, Optional<Long> number, long current, Optional<Generation> pending, boolean fresh)
            implements SqlWork {

        long next() {
            return Math.max(current, pending.map(Generation::generation).orElse(0L)) + 1;
        }

        /** The pending build, when it is all that was asked for. */
        Optional<Generation> sufficient() {
            return pending.filter(built -> !fresh && built.hash().equals(SqlViews.hash(view)));
        }
    }
}
