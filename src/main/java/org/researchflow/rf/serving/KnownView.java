package org.researchflow.rf.serving;

import java.util.Optional;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.plan.ViewPlan;

/**
 * A view that a question can be asked of.
 *
 * @param plan what its rows are
 * @param stored its materialization, if it has one
 */
public record KnownView(ViewPlan plan, Optional<Materialization> stored) {
    public String name() {
        return plan.name();
    }
}
