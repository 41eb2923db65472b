package org.researchflow.rf.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A collection as parts of a query.
 *
 * @param from what stands in {@code from}, each lateral to those before it
 * @param where what must hold for an item
 * @param order what sorts the items, most significant first
 * @param value the item, in the form asked for
 * @param position the item's position from 0, where it is known without counting
 * @param beside the object that stands beside a primitive item
 */
record Fragment(
        List<String> from,
        List<Term> where,
        List<String> order,
        Function<Form, Term> value,
        Optional<Term> position,
        Optional<Term> beside) {

    Fragment {
        from = List.copyOf(from);
        where = List.copyOf(where);
        order = List.copyOf(order);
    }

    /** Items of a relation {@code alias (v, i)}, counted from 1 in their order. */
    static Fragment relation(String from, String alias, Form form) {
        Term item = Term.atom(alias + ".v");
        return new Fragment(
                List.of(from),
                List.of(),
                List.of(alias + ".i"),
                wanted -> form.as(wanted, item),
                Optional.of(Term.binary(Term.atom(alias + ".i"), "-", Term.atom("1"), Term.Strength.SUM)),
                Optional.empty());
    }

    Fragment withBeside(Term object) {
        return new Fragment(from, where, order, value, position, Optional.of(object));
    }

    /** The same items as far as a condition holds; their positions are not counted any more. */
    Fragment filtered(Term condition) {
        List<Term> conditions = new ArrayList<>(where);
        conditions.add(condition);
        return new Fragment(from, conditions, order, value, Optional.empty(), beside);
    }

    /** The items of the inner one for each item of this one. */
    Fragment then(Fragment inner) {
        List<String> relations = new ArrayList<>(from);
        relations.addAll(inner.from);
        List<Term> conditions = new ArrayList<>(where);
        conditions.addAll(inner.where);
        List<String> sorted = new ArrayList<>(order);
        sorted.addAll(inner.order);
        boolean counted = from.isEmpty() && where.isEmpty();
        return new Fragment(
                relations, conditions, sorted, inner.value, counted ? inner.position : Optional.empty(), inner.beside);
    }

    /** What binds a variable to the item at hand. */
    Binding binding(Form form) {
        return new Binding(value.apply(form), form, position, beside);
    }
}
