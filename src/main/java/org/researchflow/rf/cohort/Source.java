package org.researchflow.rf.cohort;

import java.util.List;

/**
 * A view that serves a criterion, or would if it had more columns.
 *
 * @param view its name
 * @param columns those that are read, with where in the resource they come from; or what it has no column for
 * @param serves whether it serves
 */
public record Source(String view, List<String> columns, boolean serves) {
    public Source {
        columns = List.copyOf(columns);
    }
}
