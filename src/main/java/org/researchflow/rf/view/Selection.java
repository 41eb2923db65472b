package org.researchflow.rf.view;

import java.util.List;

/**
 * One element of a ViewDefinition's {@code select} array.
 *
 * @param iteration what it runs over
 * @param columns its own columns
 * @param selects its nested selects
 * @param unionAll the branches whose rows are put one after the other
 * @param place where it stands in the file
 */
public record Selection(
        Iteration iteration,
        List<ColumnDefinition> columns,
        List<Selection> selects,
        List<Selection> unionAll,
        Place place) {

    public Selection {
        columns = List.copyOf(columns);
        selects = List.copyOf(selects);
        unionAll = List.copyOf(unionAll);
    }

    /** What a select runs over. */
    public sealed interface Iteration {}

    /** The current node itself. */
    public record Once() implements Iteration {}

    /** Each item of a path; no item, no row. */
    public record ForEach(PathText path) implements Iteration {}

    /** Each item of a path; no item, one row of nulls. */
    public record ForEachOrNull(PathText path) implements Iteration {}

    /** Each node found by following the paths again and again. */
    public record Repeat(List<PathText> paths) implements Iteration {
        public Repeat {
            paths = List.copyOf(paths);
        }
    }
}
