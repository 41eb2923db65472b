package org.researchflow.rf.sql;

import static org.researchflow.rf.sql.Identifiers.identifier;
import static org.researchflow.rf.sql.Identifiers.literal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.researchflow.rf.plan.Items;
import org.researchflow.rf.plan.Items.Concat;
import org.researchflow.rf.plan.Items.Descendants;
import org.researchflow.rf.plan.Items.Distinct;
import org.researchflow.rf.plan.Items.Each;
import org.researchflow.rf.plan.Items.Elements;
import org.researchflow.rf.plan.Items.Filter;
import org.researchflow.rf.plan.Items.Numbered;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Items.Slice;
import org.researchflow.rf.plan.Items.Split;
import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Value;
import org.researchflow.rf.plan.Var;
import org.researchflow.rf.sql.Term.Strength;

/** Collections of a plan as parts of SQL queries, and what is made of a whole collection. */
final class ItemsSql {

    private final ValueSql values;
    private int unnamed;

    ItemsSql(ValueSql values) {
        this.values = values;
    }

    /** An alias for what no variable of the plan names; a plan's own names never begin with an underscore. */
    String alias() {
        unnamed++;
        return "_" + unnamed;
    }

    private String alias(Optional<Var> walker) {
        return walker.map(Var::name).map(Identifiers::identifier).orElseGet(this::alias);
    }

    // ------------------------------------------------------------------ what is made of all items

    Term count(Items items) {
        if (items instanceof Elements(Value object, String name, Type _)) {
            Term array = ValueSql.field(values.sql(object, Form.JSON), literal(name), Form.JSON);
            return Term.atom("coalesce(jsonb_array_length(" + array + "), 0)");
        }
        return Term.atom(subquery(List.of("count(*)"), fragment(items), List.of()));
    }

    /** The only item; raises an error when there are several. */
    Term only(Items items, Term raise, Form form) {
        Fragment fragment = own(items);
        Term value = fragment.value().apply(form);
        String single = "case when count(*) > 1 then " + raise + " else (array_agg(" + value + "))[1] end";
        return Term.atom(subquery(List.of(single), fragment, List.of()));
    }

    Term picked(Items items, Term position, boolean fromBack, Form form) {
        Fragment fragment = fragment(items);
        String direction = fromBack ? " desc" : "";
        List<String> more = new ArrayList<>();
        if (!fragment.order().isEmpty()) {
            more.add("order by "
                    + String.join(
                            ", ",
                            fragment.order().stream().map(o -> o + direction).toList()));
        }
        more.add("limit 1" + (position.text().equals("0") ? "" : " offset " + position.in(Strength.CAST)));
        return Term.atom(subquery(List.of(fragment.value().apply(form).text()), fragment, more));
    }

    Term joined(Items items, Term separator) {
        if (items instanceof One(Value value)) {
            return values.sql(value, Form.TEXT);
        }
        Fragment fragment = own(items);
        String all = "string_agg(" + fragment.value().apply(Form.TEXT) + ", " + separator + orderBy(fragment) + ")";
        return Term.atom(subquery(List.of(all), fragment, List.of()));
    }

    /** All items in their order as what compares, or null when there is none: comparing with nothing gives nothing. */
    Term array(Items items) {
        Type type = items.type();
        if (items instanceof One(Value single)) {
            return arrayOf(single, ComparisonSql.key(values.sql(single), type).cast(ComparisonSql.keyType(type)));
        }
        Fragment fragment = own(items);
        Term value = ComparisonSql.key(fragment.value().apply(Form.of(type)), type);
        String typed = value.cast(ComparisonSql.keyType(type)).text();
        return Term.atom(subquery(List.of("array_agg(" + typed + orderBy(fragment) + ")"), fragment, List.of()));
    }

    /** All items as what is equivalent compares, sorted; null when there is none. */
    Term sortedArray(Items items) {
        Type type = items.type();
        if (items instanceof One(Value single)) {
            Term key = ComparisonSql.equivalenceKey(values.sql(single), type);
            return arrayOf(single, key.cast(ComparisonSql.keyType(type)));
        }
        Fragment fragment = own(items);
        Term value = ComparisonSql.equivalenceKey(fragment.value().apply(Form.of(type)), type);
        String typed = value.cast(ComparisonSql.keyType(type)).text();
        return Term.atom(subquery(List.of("array_agg(" + typed + " order by " + typed + ")"), fragment, List.of()));
    }

    /** A subquery on nothing but a literal would be worked out beforehand, and by one process alone. */
    private Term arrayOf(Value value, Term key) {
        return value instanceof Value.Literal
                ? Term.atom("array[" + key + "]")
                : values.once(key, k -> Term.when(k.is("not null"), Term.atom("array[" + k + "]")));
    }

    /** An array of all items in their order, each written by {@code element}; empty when there is none. */
    Term collected(Items items, Function<Fragment, Term> element) {
        Fragment fragment = fragment(items);
        List<String> more =
                fragment.order().isEmpty() ? List.of() : List.of("order by " + String.join(", ", fragment.order()));
        return Term.atom("array" + subquery(List.of(element.apply(fragment).text()), fragment, more));
    }

    /**
     * The items for an aggregate. One whose argument comes from the outer query alone would belong to that query; what
     * is not the item of a relation of its own is given one.
     */
    private Fragment own(Items items) {
        Fragment fragment = fragment(items);
        String value = fragment.value().apply(Form.unpacked(items.type())).text();
        boolean own = fragment.order().stream()
                .map(order -> order.substring(0, order.length() - ".i".length()) + ".v")
                .anyMatch(item -> Pattern.compile("(?<![a-z0-9_\"])" + Pattern.quote(item) + "(?![a-z0-9_])")
                        .matcher(value)
                        .find());
        return own ? fragment : counted(fragment, items.type(), Optional.empty());
    }

    static String orderBy(Fragment fragment) {
        return fragment.order().isEmpty() ? "" : " order by " + String.join(", ", fragment.order());
    }

    static String subquery(List<String> columns, Fragment items, List<String> more) {
        return Layout.nested(Layout.select(columns, items.from(), items.where(), more));
    }

    // ------------------------------------------------------------------ collections

    /** The collection as parts of a query. */
    Fragment fragment(Items items) {
        return fragment(items, Optional.empty());
    }

    /** The collection as parts of a query, its last relation called as the variable that will walk through it. */
    Fragment fragment(Items items, Optional<Var> walker) {
        return switch (items) {
            case One(Value value) -> one(value);
            case Elements(Value object, String name, Type type) -> elements(object, name, type, walker);
            case Each(Items source, Var item, Items each) -> {
                Fragment outer = bound(source, item);
                yield outer.then(fragment(each, walker));
            }
            case Filter(Items source, Var item, Value condition) -> {
                Fragment outer = bound(source, item);
                yield outer.filtered(values.sql(condition, Form.BOOLEAN));
            }
            case Concat(List<Items> parts) -> {
                String alias = alias(walker);
                Form form = Form.unpacked(items.type());
                String query = placed(parts, "array[]::bigint[]", form);
                yield Fragment.relation(numbered(query, form) + " as " + alias + " (v, i)", alias, form);
            }
            case Descendants descendants -> descendants(descendants, walker);
            case Distinct(Items source) -> distinct(source, walker);
            case Slice(Items source, Value skip, Optional<Value> take) -> slice(source, skip, take, walker);
            case Numbered(Items source) -> {
                Fragment fragment = fragment(source);
                yield fragment.position().isPresent() ? fragment : counted(fragment, source.type(), walker);
            }
            case Split(Value text, Value separator) -> {
                String alias = alias(walker);
                String pieces = "unnest(string_to_array(" + values.sql(text, Form.TEXT) + ", nullif("
                        + values.sql(separator, Form.TEXT) + ", '')))";
                yield Fragment.relation(pieces + " with ordinality as " + alias + " (v, i)", alias, Form.TEXT);
            }
        };
    }

    /** The source, with the variable bound to its item; a long expression is worked out once. */
    private Fragment bound(Items source, Var item) {
        Fragment fragment = fragment(source, Optional.of(item));
        Form form = source instanceof One ? Form.of(source.type()) : Form.unpacked(source.type());
        Term term = fragment.value().apply(form);
        if (source instanceof One && !term.isShort()) {
            String alias = identifier(item.name());
            Term name = Term.atom(alias + ".v");
            fragment = new Fragment(
                    List.of("(select " + term + " as v offset 0) as " + alias),
                    List.of(name.is("not null")),
                    List.of(),
                    wanted -> form.as(wanted, name),
                    Optional.of(Term.atom("0")),
                    Optional.empty());
        }
        values.bind(item, fragment.binding(form));
        return fragment;
    }

    private Fragment one(Value value) {
        List<Term> where = values.isCertain(value)
                ? List.of()
                : List.of(values.presence(value).is("not null"));
        return new Fragment(
                List.of(),
                where,
                List.of(),
                form -> values.sql(value, form),
                Optional.of(Term.atom("0")),
                Optional.empty());
    }

    private Fragment elements(Value object, String name, Type type, Optional<Var> walker) {
        String alias = alias(walker);
        Form form = Form.unpacked(type);
        String unpack = form == Form.TEXT ? "jsonb_array_elements_text" : "jsonb_array_elements";
        Term owner = values.sql(object, Form.JSON);
        Term array = ValueSql.field(owner, literal(name), Form.JSON);
        Fragment relation =
                Fragment.relation(unpack + "(" + array + ") with ordinality as " + alias + " (v, i)", alias, form);
        Term beside = owner.member(literal("_" + name)).member("(" + alias + ".i - 1)::integer");
        return relation.withBeside(beside);
    }

    /** The items counted in their order. */
    Fragment counted(Fragment fragment, Type type, Optional<Var> walker) {
        return relation(fragment, "row_number() over (" + orderBy(fragment).strip() + ")", type, walker);
    }

    /** The items in no order, as one relation whose {@code i} says no more than that there is an item. */
    Fragment uncounted(Fragment fragment, Type type, Var walker) {
        return relation(fragment, "1", type, Optional.of(walker));
    }

    private Fragment relation(Fragment fragment, String place, Type type, Optional<Var> walker) {
        String alias = alias(walker);
        Form form = Form.unpacked(type);
        List<String> columns = List.of(fragment.value().apply(form).text(), place);
        String query = Layout.nested(Layout.select(columns, fragment.from(), fragment.where(), List.of()));
        return Fragment.relation(query + " as " + alias + " (v, i)", alias, form);
    }

    private Fragment distinct(Items source, Optional<Var> walker) {
        String alias = alias(walker);
        Fragment all = counted(fragment(source), source.type(), Optional.empty());
        Form form = Form.unpacked(source.type());
        Term item = all.value().apply(form);
        String place = all.order().getFirst();
        String key = ComparisonSql.key(all.value().apply(Form.of(source.type())), source.type())
                .text();
        String query = Layout.nested(Layout.select(
                List.of("(array_agg(" + item + " order by " + place + "))[1]", "min(" + place + ")"),
                all.from(),
                all.where(),
                List.of("group by " + key)));
        String first = alias();
        String numbered = Layout.nested("select " + first + ".v, row_number() over (order by " + first + ".i)\nfrom "
                + query + " as " + first + " (v, i)");
        return Fragment.relation(numbered + " as " + alias + " (v, i)", alias, form);
    }

    private Fragment slice(Items source, Value skip, Optional<Value> take, Optional<Var> walker) {
        Fragment all = fragment(source);
        Fragment counted = all.position().isPresent() ? all : counted(all, source.type(), walker);
        Term position = counted.position().orElseThrow();
        Term from = values.sql(skip, Form.NUMBER);
        Fragment rest = counted.filtered(Term.compare(position, ">=", from));
        return take.map(t -> rest.filtered(Term.compare(
                        position,
                        "<",
                        Term.binary(
                                Term.call("greatest", from, Term.atom("0")),
                                "+",
                                values.sql(t, Form.NUMBER),
                                Strength.SUM))))
                .orElse(rest);
    }

    /** A query of items and their places, the items counted in the order of their places. */
    private String numbered(String query, Form form) {
        String alias = alias();
        String typed = alias + ".v" + (form == Form.TEXT ? "::text" : "");
        return Layout.nested("select " + typed + ", row_number() over (order by " + alias + ".place)\nfrom "
                + Layout.nested(query) + " as " + alias + " (v, place)");
    }

    /** The items of all parts with their places below the place given: part by part, item by item. */
    private String placed(List<Items> parts, String place, Form form) {
        List<String> branches = new ArrayList<>();
        for (int part = 0; part < parts.size(); part++) {
            Fragment fragment = fragment(parts.get(part));
            List<String> steps = new ArrayList<>(List.of(String.valueOf(part)));
            steps.addAll(fragment.order());
            String below = place + " || array[" + String.join(", ", steps) + "]::bigint[]";
            branches.add(Layout.select(
                    List.of(fragment.value().apply(form).text(), below), fragment.from(), fragment.where(), List.of()));
        }
        return String.join("\nunion all\n", branches);
    }

    /** {@code repeat}: a recursive query whose places sort depth first, a node before what is below it. */
    private Fragment descendants(Descendants descendants, Optional<Var> walker) {
        String tree = alias();
        String alias = alias(walker);
        Form form = Form.unpacked(descendants.type());
        values.bind(descendants.node(), new Binding(Term.atom(tree + ".v"), form));
        String first = placed(descendants.first(), "array[]::bigint[]", form);
        String next = placed(descendants.next(), tree + ".place", form);
        String step = alias();
        String recursion = Layout.select(
                List.of(step + ".v", step + ".place"),
                List.of(tree, Layout.nested(next) + " as " + step + " (v, place)"),
                List.of(),
                List.of());
        String anchor = descendants.first().size() == 1 ? first : "select * from " + Layout.nested(first) + " as _";
        String body = descendants.next().isEmpty() ? anchor : anchor + "\nunion all\n" + recursion;
        String query = "with recursive " + tree + " (v, place) as " + Layout.nested(body) + "\nselect v, row_number()"
                + " over (order by place) from " + tree;
        return Fragment.relation(Layout.nested(query) + " as " + alias + " (v, i)", alias, form);
    }
}
