package org.researchflow.rf.cohort;

import java.util.List;

/**
 * A view that serves a criterion.
 *
 * @param view its name
 * @param columns those that are read, with where in the resource they come from
 */
public record Source(String view, List<String> columns) {
    public Source {
        columns = List.copyOf(columns);
    }
}
