package org.researchflow.rf.cohort;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.Rows;
import org.researchflow.rf.plan.Var;
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

    /** The column of that name. */
    public Optional<Column> column(String columnName) {
        return columns().stream()
                .filter(column -> column.name().equals(columnName))
                .findFirst();
    }

    /**
     * Whether two columns of a row are always of the same item, where their paths go through the same repeating element: of
     * one coding, one component. A view that walks through an element twice, one beside the other, pairs each item with all.
     */
    boolean areOfOneItem(Column one, Column other) {
        String element = common(one.path().orElse(""), other.path().orElse(""));
        if (element.equals(resourceType())) {
            return true;
        }
        Optional<Var> walked = walked(one, element);
        return walked.isPresent() && walked.equals(walked(other, element));
    }

    private static String common(String one, String other) {
        List<String> steps = List.of(one.split("\\.", -1));
        List<String> others = List.of(other.split("\\.", -1));
        int same = 0;
        while (same < Math.min(steps.size(), others.size()) && steps.get(same).equals(others.get(same))) {
            same++;
        }
        return String.join(".", steps.subList(0, same));
    }

    /** What walks through the element above the column. */
    private Optional<Var> walked(Column column, String element) {
        return above(plan.rows(), column).orElse(List.of()).stream()
                .filter(focus -> focus.path().equals(Optional.of(element)))
                .findFirst();
    }

    private static Optional<List<Var>> above(Rows rows, Column column) {
        return switch (rows) {
            case Rows.Project(List<Rows.Output> outputs) ->
                outputs.stream().anyMatch(output -> output.column().equals(column))
                        ? Optional.of(List.of())
                        : Optional.empty();
            case Rows.Product(List<Rows> factors) -> above(factors, column);
            case Rows.Union(List<Rows> branches) -> above(branches, column);
            case Rows.Unnest unnest ->
                above(unnest.body(), column)
                        .map(below -> Stream.concat(Stream.of(unnest.focus()), below.stream())
                                .toList());
        };
    }

    private static Optional<List<Var>> above(List<Rows> some, Column column) {
        return some.stream().flatMap(rows -> above(rows, column).stream()).findFirst();
    }

    /** Whether a resource never has more than one row. */
    boolean hasOneRowEach() {
        return hasOneRow(plan.rows());
    }

    private static boolean hasOneRow(Rows rows) {
        return switch (rows) {
            case Rows.Project _ -> true;
            case Rows.Product(List<Rows> factors) -> factors.stream().allMatch(ViewShape::hasOneRow);
            case Rows.Union _, Rows.Unnest _ -> false;
        };
    }
}
