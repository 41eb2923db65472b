package org.researchflow.rf.cohort;

import java.util.List;
import java.util.Optional;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewPlan;

/**
 * What a question can know of a view: its columns and where in the resource they come from.
 *
 * @param name the view's name
 * @param resourceType the FHIR type that it reads
 * @param columns its columns
 */
public record ViewShape(String name, String resourceType, List<Column> columns) {
    public ViewShape {
        columns = List.copyOf(columns);
    }

    public static ViewShape of(ViewPlan plan) {
        return new ViewShape(plan.name(), plan.resourceType(), plan.columns());
    }

    /** The first column that holds exactly what is at one of these paths below the resource. */
    Optional<Column> at(String... paths) {
        for (String path : paths) {
            Optional<Column> found = columns.stream()
                    .filter(column -> !column.collection())
                    .filter(column -> column.path().equals(Optional.of(resourceType + "." + path)))
                    .findFirst();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    /** The column of that name. */
    public Optional<Column> column(String columnName) {
        return columns.stream()
                .filter(column -> column.name().equals(columnName))
                .findFirst();
    }
}
