package org.researchflow.rf.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A compiled ViewDefinition: what its rows are, for any relation of resources of its type.
 *
 * @param name the view's name
 * @param resourceType the FHIR type that it reads
 * @param description in the author's words
 * @param root the resource itself
 * @param where conditions on the resource, all of which must be true
 * @param rows what it makes of a resource
 * @param readsId whether it looks at the resource's {@code id} element
 * @param readsMeta whether it looks at the resource's {@code meta} element
 * @param lenient whether a value that does not fit the type of its column is null instead of an error
 */
public record ViewPlan(
        String name,
        String resourceType,
        Optional<String> description,
        Var root,
        List<Value> where,
        Rows rows,
        boolean readsId,
        boolean readsMeta,
        boolean lenient) {

    public ViewPlan {
        where = List.copyOf(where);
    }

    /**
     * Whether the view has a row for every value of this column that any resource has: nothing filters the resources,
     * and whatever is iterated over is on the way to the column or may be missing.
     */
    public boolean holdsAll(Column column) {
        return where.isEmpty()
                && column.path().map(path -> keepsAll(rows, path)).orElse(false);
    }

    private static boolean keepsAll(Rows rows, String path) {
        return switch (rows) {
            case Rows.Project _ -> true;
            case Rows.Product(List<Rows> factors) -> factors.stream().allMatch(factor -> keepsAll(factor, path));
            case Rows.Union _ -> false;
            case Rows.Unnest unnest ->
                (unnest.orNull() || leadsTo(unnest.focus(), path)) && keepsAll(unnest.body(), path);
        };
    }

    private static boolean leadsTo(Var focus, String path) {
        return focus.path()
                .map(way -> path.equals(way) || path.startsWith(way + "."))
                .orElse(false);
    }

    /** The same view with only some of its columns, for whoever needs no more. */
    public ViewPlan keeping(Set<String> names) {
        return new ViewPlan(
                name, resourceType, description, root, where, keeping(rows, names), readsId, readsMeta, lenient);
    }

    private static Rows keeping(Rows rows, Set<String> names) {
        return switch (rows) {
            case Rows.Project(List<Rows.Output> outputs) ->
                new Rows.Project(outputs.stream()
                        .filter(output -> names.contains(output.column().name()))
                        .toList());
            case Rows.Product(List<Rows> factors) ->
                new Rows.Product(
                        factors.stream().map(factor -> keeping(factor, names)).toList());
            case Rows.Union(List<Rows> branches) ->
                new Rows.Union(
                        branches.stream().map(branch -> keeping(branch, names)).toList());
            case Rows.Unnest unnest ->
                new Rows.Unnest(
                        unnest.focus(),
                        unnest.foci(),
                        unnest.orNull(),
                        unnest.counted(),
                        keeping(unnest.body(), names));
        };
    }

    /** The same view, in which a value that does not fit the type of its column is null instead of an error. */
    public ViewPlan leniently() {
        return new ViewPlan(name, resourceType, description, root, where, rows, readsId, readsMeta, true);
    }

    /** The view's columns, in order. */
    public List<Column> columns() {
        return rows.columns();
    }
}
