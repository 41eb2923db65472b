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
 */
record StraightPath(Term outermost, Term first) {

    /** A text that is written in a jsonpath as it is. */
    private static final Pattern PLAIN = Pattern.compile("[ -~&&[^\"\\\\]]*");

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
                matching(elements, item, condition, values)
                        .map(first -> new StraightPath(array(elements, values), Form.JSON.as(form, first)));
            case Each(Items source, Var item, Items each) ->
                to(source, Form.JSON, values).flatMap(outer -> {
                    values.bind(item, new Binding(outer.first, Form.JSON));
                    return to(each, form, values).map(inner -> new StraightPath(outer.outermost, inner.first));
                });
            default -> Optional.empty();
        };
    }

    private static Term array(Elements elements, ValueSql values) {
        return ValueSql.field(
                values.sql(elements.object(), Form.JSON), Identifiers.literal(elements.name()), Form.JSON);
    }

    private static Optional<Term> matching(Elements elements, Var item, Value condition, ValueSql values) {
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
                ? Optional.of(Term.call(
                        "jsonb_path_query_first",
                        values.sql(elements.object(), Form.JSON),
                        Term.text("$." + elements.name() + "[*] ? (@." + name + " == \"" + literal.text() + "\")")))
                : Optional.empty();
    }

    /** The first item: at the end of the way, and otherwise by the query. */
    Term orElse(Term query) {
        Term found = Term.atom("coalesce(\n" + Layout.indent(first + ",\n" + query) + "\n)");
        return Term.when(outermost.is("not null"), found);
    }
}
