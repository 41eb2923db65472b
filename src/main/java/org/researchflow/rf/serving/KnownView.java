package org.researchflow.rf.serving;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.batch.Materialization;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewPlan;

/**
 * A view that a question can be asked of.
 *
 * @param plan what its rows are
 * @param stored its materialization, if it has one
 * @param allColumns the names of its columns in their order, wanted or not
 */
public record KnownView(ViewPlan plan, Optional<Materialization> stored, List<String> allColumns) {

    public KnownView {
        allColumns = List.copyOf(allColumns);
    }

    static KnownView of(ViewPlan plan, Optional<Materialization> stored) {
        return new KnownView(
                plan, stored, plan.columns().stream().map(Column::name).toList());
    }

    public String name() {
        return plan.name();
    }

    /** The same view, of which only these columns are wanted. */
    KnownView reading(Set<String> columns) {
        return new KnownView(plan.keeping(columns), stored, allColumns);
    }

    /** Whether there are stored rows that these settings would give. */
    boolean isStoredFor(SourceSettings settings) {
        return stored.map(rows -> rows.isOf(settings)).orElse(false);
    }
}
