package org.researchflow.rf.cohort;

import java.util.List;
import java.util.Optional;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewPlan;

/**
 * What a question can know of a view: its columns, where in the resource they come from, and whether they hold
 * everything that is there.
 *
 * @param plan of the view
 */
public record ViewShape(ViewPlan plan) {

    public String name() {
        return plan.name();
    }

    public String resourceType() {
        return plan.resourceType();
    }

    public List<Column> columns() {
        return plan.columns();
    }

    /**
     * The first column that holds exactly what is at one of these paths below the resource, and all of it: a view that
     * leaves resources or values out cannot answer a question about all of them.
     */
    Optional<Column> allOf(String... paths) {
        return at(paths).filter(plan::holdsAll);
    }

    /** The first column that holds exactly what is at one of these paths below the resource. */
    Optional<Column> at(String... paths) {
        for (String path : paths) {
            Optional<Column> found = columns().stream()
                    .filter(column -> !column.collection())
                    .filter(column -> column.path().equals(Optional.of(resourceType() + "." + path)))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The column of that name. */
    public Optional<Column> column(String columnName) {
        return columns().stream()
                .filter(column -> column.name().equals(columnName))
                .findFirst();
    }
}
