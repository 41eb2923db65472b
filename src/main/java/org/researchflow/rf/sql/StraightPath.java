package org.researchflow.rf.sql;

import java.util.Optional;
import java.util.regex.Pattern;
import org.researchflow.rf.plan.Items;
import org.researchflow.rf.plan.Items.Each;
import org.researchflow.rf.plan.Items.Elements;
import org.researchflow.rf.plan.Items.Filter;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value;
import org.researchflow.rf.plan.Value.Comparator;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Field;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Literal;
import org.researchflow.rf.plan.Var;

/**
 * The way to a collection's first item by the first item of each array that is crossed, or the first that equals a text:
 * a chain of arrows, at a quarter of a query's cost. Where it leads to nothing, the first item may still lie further on.
 *
 * @param outermost the array crossed first: without it there is no item at all
 * @param first what the way leads to
 * @param search the jsonpath that finds it, where that is all there is to it
 */
record StraightPath(Term outermost, Term first, Optional<Search> search) {

    /** A text that is written in a jsonpath as it is. */
    private static final Pattern PLAIN = Pattern.compile("[ -~&&[^\"\\\\]]*");

    private StraightPath(Term outermost, Term first) {
        this(outermost, first, Optional.empty());
    }

    /**
     * The first that a jsonpath finds.
     *
     * @param object that it begins at
     * @param steps from there
     */
    private record Search(Term object, String steps) {
        Term sql() {
            return Term.call("jsonb_path_query_first", object, Term.text("$" + steps));
        }
    }

    /** The straight path to the first of the items, if elements are all that they are taken from. */
    static Optional<StraightPath> to(Items items, Form form, ValueSql values) {
        return switch (items) {
            case One(Field field) ->
                Optional.of(new StraightPath(values.sql(field, Form.JSON), values.sql(field, form)));
            case One(Either either)
            when either.values().stream().allMatch(Field.class::isInstance) ->
                Optional.of(new StraightPath(values.sql(either, Form.JSON), values.sql(either, form)));
            case Elements elements -> {
                Term array = array(elements, values);
                yield Optional.of(new StraightPath(array, ValueSql.field(array, "0", form)));
            }
            case Filter(Elements elements, Var item, Value condition) ->
                matching(elements, item, condition)
                        .map(steps -> new Search(values.sql(elements.object(), Form.JSON), steps))
                        .map(search -> new StraightPath(
                                array(elements, values), Form.JSON.as(form, search.sql()), Optional.of(search)));
            case Each(Items source, Var item, Items each) ->
                to(source, Form.JSON, values).flatMap(outer -> outer.then(item, each, form, values));
            default -> Optional.empty();
        };
    }

    /** The way on from what this one leads to. */
    private Optional<StraightPath> then(Var item, Items each, Form form, ValueSql values) {
        if (each instanceof Each(Items next, Var inner, Items rest)) {
            return then(item, next, Form.JSON, values).flatMap(outer -> outer.then(inner, rest, form, values));
        }
        if (search.isPresent()
                && each instanceof Filter(Elements elements, Var inner, Value condition)
                && elements.object().equals(new Item(item))) {
            return matching(elements, inner, condition)
                    .map(steps -> new Search(search.get().object, search.get().steps + steps))
                    .map(longer -> new StraightPath(outermost, Form.JSON.as(form, longer.sql()), Optional.of(longer)));
        }
        if (each instanceof One(Either either) && either.values().size() > 1) {
            return Optional.of(new StraightPath(outermost, values.once(first, object -> {
                values.bind(item, new Binding(object, Form.JSON));
                return values.sql(either, form);
            })));
        }
        values.bind(item, new Binding(first, Form.JSON));
        return to(each, form, values).map(inner -> new StraightPath(outermost, inner.first));
    }

    private static Term array(Elements elements, ValueSql values) {
        return ValueSql.field(
                values.sql(elements.object(), Form.JSON), Identifiers.literal(elements.name()), Form.JSON);
    }

    /** The step in a jsonpath to the elements that meet the condition, if it is one of equality with a text. */
    private static Optional<String> matching(Elements elements, Var item, Value condition) {
        return condition
                                instanceof
                                Comparison(
                                        Comparator comparator,
                                        Field(Item(Var of), String name, Type type),
                                        Literal literal)
                        && comparator == Comparator.EQUAL
                        && of.equals(item)
                        && type.kind() == Kind.STRING
                        && PLAIN.matcher(literal.text()).matches()
                ? Optional.of("." + elements.name() + "[*] ? (@." + name + " == \"" + literal.text() + "\")")
                : Optional.empty();
    }

    /** The first item: at the end of the way, and otherwise by the query. */
    Term orElse(Term query) {
        Term found = Term.atom("coalesce(\n" + Layout.indent(first + ",\n" + query) + "\n)");
        return Term.when(outermost.is("not null"), found);
    }
}
