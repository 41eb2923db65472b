package org.researchflow.rf.sql;

import java.util.List;
import java.util.function.Function;

/**
 * A collection as parts of a query.
 *
 * @param from what stands in {@code from}, each lateral to those before it
 * @param where what must hold for an item
 * @param order what sorts the items, most significant first
 * @param value the item, in the form asked for
 */
record Fragment(List<String> from, List<String> where, List<String> order, Function<Form, String> value) {
    Fragment {
        from = List.copyOf(from);
        where = List.copyOf(where);
        order = List.copyOf(order);
    }
}
