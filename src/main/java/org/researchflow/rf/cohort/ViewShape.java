package org.researchflow.rf.cohort;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.Rows;
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
     * Whether it walks through the same element twice, one beside the other: each row then has the codes of one item and the
     * values of another, too.
     */
    boolean mixesItems() {
        List<String> walked = walked(plan.rows()).toList();
        return walked.stream().distinct().count() < walked.size();
    }

    private static Stream<String> walked(Rows rows) {
        return switch (rows) {
            case Rows.Project _ -> Stream.empty();
            case Rows.Product(List<Rows> factors) -> factors.stream().flatMap(ViewShape::walked);
            case Rows.Union(List<Rows> branches) -> branches.stream().flatMap(ViewShape::walked);
            case Rows.Unnest unnest -> Stream.concat(unnest.focus().path().stream(), walked(unnest.body()));
        };
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
