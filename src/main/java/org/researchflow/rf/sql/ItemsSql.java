package org.researchflow.rf.sql;

import static org.researchflow.rf.sql.Identifiers.identifier;
import static org.researchflow.rf.sql.Identifiers.literal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.researchflow.rf.plan.Items;
import org.researchflow.rf.plan.Items.Concat;
import org.researchflow.rf.plan.Items.Descendants;
import org.researchflow.rf.plan.Items.Each;
import org.researchflow.rf.plan.Items.Elements;
import org.researchflow.rf.plan.Items.Filter;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Arithmetic;
import org.researchflow.rf.plan.Value.Boundary;
import org.researchflow.rf.plan.Value.Comparator;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Concatenation;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Field;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Joined;
import org.researchflow.rf.plan.Value.Literal;
import org.researchflow.rf.plan.Value.Logic;
import org.researchflow.rf.plan.Value.Narrowed;
import org.researchflow.rf.plan.Value.Not;
import org.researchflow.rf.plan.Value.Only;
import org.researchflow.rf.plan.Value.Pick;
import org.researchflow.rf.plan.Value.ReferenceKey;
import org.researchflow.rf.plan.Value.ResourceKey;
import org.researchflow.rf.plan.Value.RowIndex;
import org.researchflow.rf.plan.Value.SameItems;
import org.researchflow.rf.plan.Var;

/** Values and collections of a plan as SQL expressions. */
final class ItemsSql {

    /** What needs no parentheses around it: a name, a literal, a call or something already in parentheses. */
    private static final Pattern ATOM =
            Pattern.compile("[a-z_][a-z0-9_.]*|'(?:[^']|'')*'|-?[0-9.]+|[a-z_]+\\([^()]*\\)|\\([^()]*\\)(?:::[a-z]+)?");

    private final Var root;
    private final Optional<String> serverBase;
    private final Map<Var, Binding> bindings = new HashMap<>();
    private int unnamed;

    ItemsSql(Var root, Optional<String> serverBase) {
        this.root = root;
        this.serverBase = serverBase;
        bind(root, new Binding(identifier(root.name()) + ".resource", Form.JSON, Optional.empty()));
    }

    void bind(Var item, Binding binding) {
        bindings.put(item, binding);
    }

    private Binding binding(Var item) {
        return Optional.ofNullable(bindings.get(item)).orElseThrow(() -> new IllegalStateException("unbound " + item));
    }

    /** An alias for what no variable of the plan names; a plan's own names never begin with an underscore. */
    String alias() {
        unnamed++;
        return "_" + unnamed;
    }

    // ------------------------------------------------------------------ values

    /** The value in its natural form. */
    String sql(Value value) {
        return sql(value, Form.of(value.type()));
    }

    /** The value in the form asked for; null where FHIRPath has an empty collection. */
    String sql(Value value, Form form) {
        return switch (value) {
            case Absent _ -> "null::" + form.sqlType();
            case Literal(Type type, String text) -> literalSql(type, text, form);
            case Item(Var of) -> binding(of).form().as(form, binding(of).sql());
            case Field(Value object, String name, Type _) -> field(atom(sql(object, Form.JSON)), literal(name), form);
            case Either(List<Value> values) ->
                "coalesce("
                        + String.join(
                                ", ", values.stream().map(v -> sql(v, form)).toList()) + ")";
            case Narrowed(Value resource, Type type) -> {
                String json = atom(sql(resource, Form.JSON));
                yield Form.JSON.as(
                        form,
                        "case when " + json + "->>'resourceType' = " + literal(type.name()) + " then " + json + " end");
            }
            case ResourceKey() -> Form.TEXT.as(form, identifier(root.name()) + ".key");
            case ReferenceKey(Value reference, Optional<String> type) ->
                Form.TEXT.as(form, referenceKey(reference, type));
            case RowIndex(Optional<Var> focus) ->
                Form.NUMBER.as(form, focus.flatMap(f -> binding(f).position()).orElse("0"));
            case Comparison comparison -> Form.BOOLEAN.as(form, comparison(comparison));
            case SameItems(Items left, Items right) -> Form.BOOLEAN.as(form, array(left) + " = " + array(right));
            case Logic logic -> Form.BOOLEAN.as(form, logic(logic));
            case Not(Exists(Items items)) -> Form.BOOLEAN.as(form, absence(items));
            case Not(Value operand) -> Form.BOOLEAN.as(form, "not " + atom(sql(operand, Form.BOOLEAN)));
            case Arithmetic arithmetic -> Form.NUMBER.as(form, arithmetic(arithmetic));
            case Concatenation(Value left, Value right, boolean blank) -> {
                String a = atom(sql(left, Form.TEXT));
                String b = atom(sql(right, Form.TEXT));
                yield Form.TEXT.as(form, blank ? "coalesce(" + a + ", '') || coalesce(" + b + ", '')" : a + " || " + b);
            }
            case Exists(Items items) -> Form.BOOLEAN.as(form, existence(items));
            case Pick pick -> pick(pick, form);
            case Only(Items items, String what) -> only(items, what, form);
            case Joined(Items items, Value separator) -> Form.TEXT.as(form, joined(items, separator));
            case Boundary(Value inner, boolean high) -> {
                Form natural = Form.of(inner.type());
                yield natural.as(form, TemporalSql.boundary(atom(sql(inner, natural)), inner.type(), high));
            }
        };
    }

    private static String literalSql(Type type, String text, Form form) {
        Form natural = Form.of(type);
        if (form == Form.TEXT || natural == Form.TEXT) {
            return Form.TEXT.as(form, form == Form.TEXT ? literal(text) : literal(text) + "::text");
        }
        return natural.as(form, natural == Form.NUMBER && text.startsWith("-") ? "(" + text + ")" : text);
    }

    /** A member of an object or an item of an array; {@code step} is a literal or an integer. */
    private static String field(String json, String step, Form form) {
        return form == Form.TEXT ? json + "->>" + step : Form.JSON.as(form, json + "->" + step);
    }

    private String referenceKey(Value reference, Optional<String> type) {
        String written = sql(new Field(reference, "reference", Type.STRING), Form.TEXT);
        String relative = serverBase
                .map(base -> "(case when starts_with(" + written + ", " + literal(base) + ") then substr(" + written
                        + ", " + (base.length() + 1) + ") else " + written + " end)")
                .orElse(written);
        String key = "nullif(split_part(" + relative + ", '/', 2), '')";
        String local = type.map(t -> "starts_with(" + relative + ", " + literal(t + "/") + ")")
                .orElse(atom(relative) + " not similar to '%[:?#]%'");
        return "case when " + local + " then " + key + " end";
    }

    private String comparison(Comparison comparison) {
        Type left = comparison.left().type();
        Type right = comparison.right().type();
        String a = atom(sql(comparison.left()));
        String b = atom(sql(comparison.right()));
        Comparator comparator = comparison.comparator();
        if (TemporalSql.isTemporal(left)) {
            return TemporalSql.compare(comparator, a, left, b, right);
        }
        if (left.kind() == Kind.QUANTITY && right.kind() == Kind.QUANTITY) {
            String sameUnit = "coalesce(" + a + "->>'code', " + a + "->>'unit') is not distinct from coalesce(" + b
                    + "->>'code', " + b + "->>'unit')";
            return "case when " + sameUnit + " then (" + a + "->'value')::numeric " + symbol(comparator) + " (" + b
                    + "->'value')::numeric end";
        }
        boolean text = Form.of(left) == Form.TEXT && comparator != Comparator.EQUAL;
        return a + " " + symbol(comparator) + " " + b + (text ? " collate \"C\"" : "");
    }

    private static String symbol(Comparator comparator) {
        return switch (comparator) {
            case EQUAL -> "=";
            case NOT_EQUAL -> "<>";
            case LESS -> "<";
            case LESS_OR_EQUAL -> "<=";
            case GREATER -> ">";
            case GREATER_OR_EQUAL -> ">=";
        };
    }

    private String logic(Logic logic) {
        String a = atom(sql(logic.left(), Form.BOOLEAN));
        String b = atom(sql(logic.right(), Form.BOOLEAN));
        return switch (logic.connective()) {
            case AND -> a + " and " + b;
            case OR -> a + " or " + b;
            case XOR -> a + " <> " + b;
            case IMPLIES -> "not " + a + " or " + b;
        };
    }

    private String arithmetic(Arithmetic arithmetic) {
        String a = atom(sql(arithmetic.left(), Form.NUMBER));
        String b = atom(sql(arithmetic.right(), Form.NUMBER));
        return switch (arithmetic.operation()) {
            case ADD -> a + " + " + b;
            case SUBTRACT -> a + " - " + b;
            case MULTIPLY -> a + " * " + b;
            case DIVIDE -> "trim_scale(" + a + " / nullif(" + b + ", 0))";
            case INTEGER_DIVIDE -> "div(" + a + ", nullif(" + b + ", 0))";
            case MODULO -> "mod(" + a + ", nullif(" + b + ", 0))";
        };
    }

    private String existence(Items items) {
        return switch (items) {
            case One(Value value) -> sql(value, presenceForm(value)) + " is not null";
            case Elements(Value object, String name, Type _) ->
                "coalesce(jsonb_array_length(" + field(atom(sql(object, Form.JSON)), literal(name), Form.JSON)
                        + ") > 0, false)";
            case Each _, Filter _, Concat _, Descendants _ -> "exists " + subquery(List.of(), fragment(items));
        };
    }

    private String absence(Items items) {
        return items instanceof One(Value value)
                ? sql(value, presenceForm(value)) + " is null"
                : "not " + atom(existence(items));
    }

    /** Presence is seen without converting the value; alternatives of several types meet as JSON. */
    private static Form presenceForm(Value value) {
        return value instanceof Field || value instanceof Either || value instanceof Item
                ? Form.JSON
                : Form.of(value.type());
    }

    private String pick(Pick pick, Form form) {
        Optional<Integer> fixed = pick.position() instanceof Literal(Type _, String text)
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
        if (pick.items() instanceof Elements(Value object, String name, Type _) && fixed.isPresent()) {
            String array = field(atom(sql(object, Form.JSON)), literal(name), Form.JSON);
            int index = pick.fromBack() ? -1 - fixed.get() : fixed.get();
            return index < 0 && !pick.fromBack()
                    ? "null::" + form.sqlType()
                    : field(array, String.valueOf(index), form);
        }
        Fragment items = fragment(pick.items());
        String direction = pick.fromBack() ? " desc" : "";
        List<String> more = new ArrayList<>();
        if (!items.order().isEmpty()) {
            more.add("order by "
                    + String.join(
                            ", ", items.order().stream().map(o -> o + direction).toList()));
        }
        String offset =
                fixed.map(String::valueOf).orElseGet(() -> "(" + sql(pick.position(), Form.NUMBER) + ")::bigint");
        more.add("limit 1" + (offset.equals("0") ? "" : " offset " + offset));
        String picked = subquery(List.of(items.value().apply(form)), items, more);
        return fixed.isPresent()
                ? picked
                : "case when " + atom(sql(pick.position(), Form.NUMBER)) + " >= 0 then " + picked + " end";
    }

    private String only(Items items, String what, Form form) {
        String raise = Raised.severalValues(what).sql(form, root);
        if (items instanceof Elements(Value object, String name, Type _)) {
            String array = field(atom(sql(object, Form.JSON)), literal(name), Form.JSON);
            return "case when jsonb_array_length(" + array + ") > 1 then " + raise + " else " + field(array, "0", form)
                    + " end";
        }
        Fragment fragment = fragment(items);
        String value = fragment.value().apply(form);
        return subquery(
                List.of("case when count(*) > 1 then " + raise + " else (array_agg(" + value + "))[1] end"), fragment);
    }

    private String joined(Items items, Value separator) {
        if (items instanceof One(Value value)) {
            return sql(value, Form.TEXT);
        }
        Fragment fragment = fragment(items);
        return subquery(
                List.of("string_agg(" + fragment.value().apply(Form.TEXT) + ", " + sql(separator, Form.TEXT)
                        + orderBy(fragment) + ")"),
                fragment);
    }

    /** All items in their order, or null when there is none, so that comparing with nothing gives nothing. */
    private String array(Items items) {
        Fragment fragment = fragment(items);
        String value = fragment.value().apply(Form.of(items.type()));
        String typed = parenthesized(value) + "::" + Form.of(items.type()).sqlType();
        return subquery(List.of("array_agg(" + typed + orderBy(fragment) + ")"), fragment);
    }

    /** An array of all items in their order, each written by {@code element}; empty when there is none. */
    String collected(Items items, Function<Fragment, String> element) {
        Fragment fragment = fragment(items);
        List<String> more =
                fragment.order().isEmpty() ? List.of() : List.of("order by " + String.join(", ", fragment.order()));
        return "array" + subquery(List.of(element.apply(fragment)), fragment, more);
    }

    private static String orderBy(Fragment fragment) {
        return fragment.order().isEmpty() ? "" : " order by " + String.join(", ", fragment.order());
    }

    private static String subquery(List<String> columns, Fragment items) {
        return subquery(columns, items, List.of());
    }

    private static String subquery(List<String> columns, Fragment items, List<String> more) {
        return Layout.nested(Layout.select(columns, items.from(), items.where(), more));
    }

    static String parenthesized(String sql) {
        return ATOM.matcher(sql).matches() ? sql : "(" + sql + ")";
    }

    static String atom(String sql) {
        return ATOM.matcher(sql).matches() || isPath(sql) ? sql : "(" + sql + ")";
    }

    /** A chain of arrows from a name; it binds more tightly than any comparison but not than another operator. */
    private static boolean isPath(String sql) {
        return PATH.matcher(sql).matches();
    }

    private static final Pattern PATH = Pattern.compile("[a-z_][a-z0-9_.]*(?:->(?:'[A-Za-z_]+'|-?[0-9]+))+");

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
                Fragment outer = fragment(source, Optional.of(item));
                Form form = boundForm(source);
                bind(item, new Binding(outer.value().apply(form), form, Optional.empty()));
                yield combined(outer, fragment(each, walker));
            }
            case Filter(Items source, Var item, Value condition) -> {
                Fragment outer = fragment(source, Optional.of(item));
                Form form = boundForm(source);
                bind(item, new Binding(outer.value().apply(form), form, Optional.empty()));
                List<String> where = new ArrayList<>(outer.where());
                where.add(atom(sql(condition, Form.BOOLEAN)));
                yield new Fragment(outer.from(), where, outer.order(), outer.value());
            }
            case Concat(List<Items> parts) -> concat(parts, items.type(), walker);
            case Descendants descendants -> descendants(descendants, walker);
        };
    }

    private static Form boundForm(Items source) {
        return source instanceof One ? Form.of(source.type()) : Form.unpacked(source.type());
    }

    private Fragment one(Value value) {
        boolean always = value instanceof Item || value instanceof Literal || value instanceof ResourceKey;
        List<String> where = always ? List.of() : List.of(sql(value, presenceForm(value)) + " is not null");
        return new Fragment(List.of(), where, List.of(), form -> sql(value, form));
    }

    private Fragment elements(Value object, String name, Type type, Optional<Var> walker) {
        String alias = walker.map(Var::name).map(Identifiers::identifier).orElseGet(this::alias);
        Form form = Form.unpacked(type);
        String unpack = form == Form.TEXT ? "jsonb_array_elements_text" : "jsonb_array_elements";
        String array = field(atom(sql(object, Form.JSON)), literal(name), Form.JSON);
        String item = alias + ".v";
        return new Fragment(
                List.of(unpack + "(" + array + ") with ordinality as " + alias + " (v, i)"),
                List.of(),
                List.of(alias + ".i"),
                wanted -> form.as(wanted, item));
    }

    private static Fragment combined(Fragment outer, Fragment inner) {
        List<String> from = new ArrayList<>(outer.from());
        from.addAll(inner.from());
        List<String> where = new ArrayList<>(outer.where());
        where.addAll(inner.where());
        List<String> order = new ArrayList<>(outer.order());
        order.addAll(inner.order());
        return new Fragment(from, where, order, inner.value());
    }

    private Fragment concat(List<Items> parts, Type type, Optional<Var> walker) {
        String alias = walker.map(Var::name).map(Identifiers::identifier).orElseGet(this::alias);
        Form form = Form.unpacked(type);
        return new Fragment(
                List.of(Layout.nested(placed(parts, "array[]::bigint[]", form)) + " as " + alias + " (v, i)"),
                List.of(),
                List.of(alias + ".i"),
                wanted -> form.as(wanted, alias + ".v"));
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
                    List.of(fragment.value().apply(form), below), fragment.from(), fragment.where(), List.of()));
        }
        return String.join("\nunion all\n", branches);
    }

    /** {@code repeat}: a recursive query whose places sort depth first, a node before what is below it. */
    private Fragment descendants(Descendants descendants, Optional<Var> walker) {
        String tree = alias();
        String alias = walker.map(Var::name).map(Identifiers::identifier).orElseGet(this::alias);
        bind(descendants.node(), new Binding(tree + ".v", Form.JSON, Optional.empty()));
        String first = placed(descendants.first(), "array[]::bigint[]", Form.JSON);
        String next = placed(descendants.next(), tree + ".place", Form.JSON);
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
        return new Fragment(
                List.of(Layout.nested(query) + " as " + alias + " (v, i)"),
                List.of(),
                List.of(alias + ".i"),
                wanted -> Form.JSON.as(wanted, alias + ".v"));
    }
}
