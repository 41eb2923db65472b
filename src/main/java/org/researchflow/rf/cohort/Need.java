package org.researchflow.rf.cohort;

import java.util.List;
import java.util.Optional;
import org.researchflow.rf.plan.Column;

/**
 * A column that a question needs of a view, told by where its values come from.
 *
 * @param paths below the resource, one of which will do; those of several FHIR versions
 * @param whole whether the view must hold all such values that there are
 * @param sqlType the column's type, where not every one will do
 * @param code the column beside which it must stand: both of the same item, if that is one of several
 */
record Need(List<String> paths, boolean whole, Optional<String> sqlType, Optional<Need> code) {
    Need {
        paths = List.copyOf(paths);
    }

    static Need of(String... paths) {
        return new Need(List.of(paths), false, Optional.empty(), Optional.empty());
    }

    Need all() {
        return new Need(paths, true, sqlType, code);
    }

    Need as(String type) {
        return new Need(paths, whole, Optional.of(type), code);
    }

    Need beside(Need other) {
        return new Need(paths, whole, sqlType, Optional.of(other));
    }

    /** The first column of the view that will do. */
    Optional<Column> in(ViewShape view) {
        return paths.stream()
                .flatMap(path -> view.columns().stream()
                        .filter(column -> !column.collection())
                        .filter(column -> column.path().equals(Optional.of(view.resourceType() + "." + path)))
                        .filter(column -> sqlType.isEmpty() || sqlType.get().equals(column.sqlType()))
                        .filter(column -> !whole || view.plan().holdsAll(column))
                        .filter(column -> isBeside(column, view)))
                .findFirst();
    }

    private boolean isBeside(Column column, ViewShape view) {
        return code.isEmpty()
                || code.get()
                        .in(view)
                        .filter(other -> view.areOfOneItem(column, other))
                        .isPresent();
    }

    /** The path as ViewDefinitions have it. */
    @Override
    public String toString() {
        return paths.getFirst()
                + sqlType.map(type -> " as " + type).orElse("")
                + code.map(other -> " beside " + other).orElse("");
    }
}
