package org.researchflow.rf.plan;

import java.util.List;
import java.util.Optional;

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
 */
public record ViewPlan(
        String name,
        String resourceType,
        Optional<String> description,
        Var root,
        List<Value> where,
        Rows rows,
        boolean readsId,
        boolean readsMeta) {

    public ViewPlan {
        where = List.copyOf(where);
    }

    /** The view's columns, in order. */
    public List<Column> columns() {
        return rows.columns();
    }
}
