package org.researchflow.rf.serving;

import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.SourceSettings;
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

    /** The same view, of which only these columns are wanted. */
    KnownView reading(Set<String> columns) {
        return new KnownView(plan.keeping(columns), stored);
    }

    /** Whether there are stored rows that these settings would give. */
    boolean isStoredFor(SourceSettings settings) {
        return stored.map(rows -> rows.isOf(settings)).orElse(false);
    }
}
