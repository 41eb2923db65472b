package org.researchflow.rf.sql;

import static org.researchflow.rf.sql.Identifiers.identifier;
import static org.researchflow.rf.sql.Identifiers.literal;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.researchflow.rf.plan.Items;
import org.researchflow.rf.plan.Items.Concat;
import org.researchflow.rf.plan.Items.Elements;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Scalar;
import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Apply;
import org.researchflow.rf.plan.Value.Arithmetic;
import org.researchflow.rf.plan.Value.Beside;
import org.researchflow.rf.plan.Value.Boundary;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Concatenation;
import org.researchflow.rf.plan.Value.Conditional;
import org.researchflow.rf.plan.Value.Count;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Equivalent;
import org.researchflow.rf.plan.Value.EquivalentItems;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Field;
import org.researchflow.rf.plan.Value.Holds;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Joined;
import org.researchflow.rf.plan.Value.Let;
import org.researchflow.rf.plan.Value.Literal;
import org.researchflow.rf.plan.Value.Logic;
import org.researchflow.rf.plan.Value.Narrowed;
import org.researchflow.rf.plan.Value.Not;
import org.researchflow.rf.plan.Value.OneOf;
import org.researchflow.rf.plan.Value.Only;
import org.researchflow.rf.plan.Value.Pick;
import org.researchflow.rf.plan.Value.ReferenceKey;
import org.researchflow.rf.plan.Value.ResourceKey;
import org.researchflow.rf.plan.Value.RowIndex;
import org.researchflow.rf.plan.Value.SameItems;
import org.researchflow.rf.plan.Var;
import org.researchflow.rf.sql.Term.Strength;

/** Values of a plan as SQL expressions; null stands for FHIRPath's empty collection. */
final class ValueSql {

    /** PostgreSQL counts items in 64 bits; no resource has as many as fit in 32. */
    private static final String LAST_POSITION = "2147483647";

    private final Var root;
    private final boolean scoped;
    private final Optional<String> serverBase;
    private final ItemsSql items;
    private final Map<Var, Binding> bindings = new HashMap<>();
    private final Set<Var> maybe = new HashSet<>();

    ValueSql(Var root, boolean scoped, Optional<String> serverBase) {
        this.root = root;
        this.scoped = scoped;
        this.serverBase = serverBase;
        this.items = new ItemsSql(this);
        bind(root, new Binding(Term.atom(identifier(root.name()) + ".resource"), Form.JSON));
    }

    ItemsSql items() {
        return items;
    }

    Var root() {
        return root;
    }

    void bind(Var item, Binding binding) {
        bindings.put(item, binding);
    }

    private Binding binding(Var item) {
        return Optional.ofNullable(bindings.get(item)).orElseThrow(() -> new IllegalStateException("unbound " + item));
    }

    /** The value in the form in which its type compares. */
    Term sql(Value value) {
        return sql(value, Form.of(value.type()));
    }

    /** The value in the form asked for. */
    Term sql(Value value, Form form) {
        return switch (value) {
            case Absent _ -> Term.nothing(form.sqlType());
            case Literal literal -> LiteralSql.sql(literal, form);
            case Item(Var of) -> binding(of).form().as(form, binding(of).sql());
            case Field(Value object, String name, Type _) -> field(sql(object, Form.JSON), literal(name), form);
            case Beside(Value primitive) -> Form.JSON.as(form, beside(primitive));
            case Either(List<Value> values) ->
                Term.call("coalesce", values.stream().map(v -> sql(v, form)).toList());
            case Narrowed(Value resource, Type type) -> Form.JSON.as(form, narrowed(resource, type));
            case ResourceKey() -> Form.TEXT.as(form, Term.atom(identifier(root.name()) + ".key"));
            case ReferenceKey(Value reference, Optional<String> type) ->
                Form.TEXT.as(form, referenceKey(reference, type));
            case RowIndex(Optional<Var> focus) ->
                Form.NUMBER.as(form, focus.flatMap(f -> binding(f).position()).orElse(Term.atom("0")));
            case Comparison comparison -> Form.BOOLEAN.as(form, comparison(comparison));
            case SameItems(Items left, Items right) ->
                Form.BOOLEAN.as(form, Term.compare(items.array(left), "=", items.array(right)));
            case Equivalent(Value left, Value right) ->
                Form.BOOLEAN.as(
                        form, once(sql(left), a -> once(sql(right), b -> ComparisonSql.equivalent(a, b, left.type()))));
            case EquivalentItems(Items left, Items right) ->
                Form.BOOLEAN.as(
                        form,
                        new Term(
                                items.sortedArray(left) + " is not distinct from " + items.sortedArray(right),
                                Strength.IS));
            case Logic logic -> Form.BOOLEAN.as(form, logic(logic));
            case Not(Exists(Items of)) -> Form.BOOLEAN.as(form, absence(of));
            case Not(Value operand) ->
                Form.BOOLEAN.as(form, sql(operand, Form.BOOLEAN).not());
            case Holds(Value truth) ->
                Form.BOOLEAN.as(form, sql(truth, Form.BOOLEAN).is("true"));
            case Arithmetic arithmetic -> Form.NUMBER.as(form, arithmetic(arithmetic));
            case Concatenation(Value left, Value right, boolean blank) ->
                Form.TEXT.as(form, concatenation(left, right, blank));
            case Exists(Items of) -> Form.BOOLEAN.as(form, existence(of));
            case Count(Items of) -> Form.NUMBER.as(form, items.count(of));
            case Pick pick -> pick(pick, form);
            case Only(Items of, String what) -> only(of, what, form);
            case OneOf(Value tested, List<Literal> literals) -> Form.BOOLEAN.as(form, oneOf(tested, literals));
            case Joined(Items of, Value separator) -> Form.TEXT.as(form, items.joined(of, sql(separator, Form.TEXT)));
            case Let(Var name, Value bound, Value body) -> let(name, bound, body, form);
            case Conditional(Value condition, Value then, Value otherwise) -> {
                Term test = sql(condition, Form.BOOLEAN);
                Term result = sql(then, form);
                yield otherwise instanceof Absent
                        ? Term.when(test, result)
                        : Term.when(test, result, sql(otherwise, form));
            }
            case Apply(Scalar function, List<Value> arguments, Type type) ->
                Form.of(type)
                        .as(
                                form,
                                FunctionSql.sql(
                                        function,
                                        arguments.stream().map(this::sql).toList(),
                                        this));
            case Boundary(Value inner, boolean high, Optional<Integer> precision) ->
                Form.of(inner.type())
                        .as(form, once(sql(inner), term -> BoundarySql.sql(term, inner.type(), high, precision)));
        };
    }

    /** Whether there always is a value: an item that is walked through is, one that is merely named may be missing. */
    boolean isCertain(Value value) {
        return switch (value) {
            case Item(Var of) -> !maybe.contains(of);
            case Literal _, ResourceKey _, Exists _, Count _, Holds _, RowIndex _ -> true;
            case Not(Value operand) -> isCertain(operand);
            default -> false;
        };
    }

    private Term beside(Value primitive) {
        return switch (primitive) {
            case Field(Value object, String name, Type _) ->
                field(sql(object, Form.JSON), literal("_" + name), Form.JSON);
            case Item(Var of) -> binding(of).beside().orElse(Term.nothing("jsonb"));
            case Pick(Elements(Value object, String name, Type type), Value position, boolean fromBack) ->
                sql(new Pick(new Elements(object, "_" + name, type), position, fromBack), Form.JSON);
            default -> Term.nothing("jsonb");
        };
    }

    /** A member of an object or an item of an array; {@code step} is a literal or an integer. */
    static Term field(Term json, String step, Form form) {
        return form == Form.TEXT ? json.memberText(step) : Form.JSON.as(form, json.member(step));
    }

    private Term narrowed(Value resource, Type type) {
        return once(
                sql(resource, Form.JSON),
                json -> Term.when(Term.compare(json.memberText("'resourceType'"), "=", Term.text(type.name())), json));
    }

    private Term referenceKey(Value reference, Optional<String> type) {
        Term written = sql(new Field(reference, "reference", Type.STRING), Form.TEXT);
        Term key = once(
                serverBase.map(base -> relative(written, base)).orElse(written),
                relative -> ReferenceSql.key(relative, type));
        return scoped ? Term.atom("(" + identifier(root.name()) + ".scope || (" + key.text() + "))") : key;
    }

    private Term relative(Term written, String base) {
        return once(written, text -> ReferenceSql.below(base, text));
    }

    private Term comparison(Comparison comparison) {
        Value left = comparison.left();
        Value right = comparison.right();
        Type type = left.type();
        if (TemporalSql.isTemporal(type)) {
            return once(
                    temporalKey(left),
                    a -> once(temporalKey(right), b -> TemporalSql.compare(comparison.comparator(), a, b)));
        }
        if (type.kind() == Kind.QUANTITY && right.type().kind() == Kind.QUANTITY) {
            return once(sql(left), a -> once(sql(right), b -> ComparisonSql.quantities(comparison.comparator(), a, b)));
        }
        return ComparisonSql.plain(comparison.comparator(), sql(left), sql(right), Form.of(type));
    }

    private Term temporalKey(Value value) {
        return value instanceof Literal(Type type, String text)
                ? TemporalSql.literalKey(text, type)
                : once(sql(value), term -> TemporalSql.key(term, value.type()));
    }

    private Term oneOf(Value tested, List<Literal> literals) {
        Form form = Form.of(tested.type());
        List<String> list =
                literals.stream().map(l -> LiteralSql.sql(l, form).text()).toList();
        return new Term(
                sql(tested, form).in(Strength.OPERATOR) + " in (" + String.join(", ", list) + ")", Strength.COMPARISON);
    }

    private Term logic(Logic logic) {
        Term a = sql(logic.left(), Form.BOOLEAN);
        Term b = sql(logic.right(), Form.BOOLEAN);
        return switch (logic.connective()) {
            case AND -> Term.and(a, b);
            case OR -> Term.or(a, b);
            case XOR -> Term.compare(a, "<>", b);
            case IMPLIES -> Term.or(a.not(), b);
        };
    }

    private Term arithmetic(Arithmetic arithmetic) {
        Term a = sql(arithmetic.left(), Form.NUMBER);
        Term b = sql(arithmetic.right(), Form.NUMBER);
        Term divisor = Term.call("nullif", b, Term.atom("0"));
        return switch (arithmetic.operation()) {
            case ADD -> Term.binary(a, "+", b, Strength.SUM);
            case SUBTRACT -> Term.binary(a, "-", b, Strength.SUM);
            case MULTIPLY -> Term.binary(a, "*", b, Strength.PRODUCT);
            case DIVIDE -> Term.call("trim_scale", Term.binary(a, "/", divisor, Strength.PRODUCT));
            case INTEGER_DIVIDE -> Term.call("div", a, divisor);
            case MODULO -> Term.call("mod", a, divisor);
        };
    }

    private Term concatenation(Value left, Value right, boolean blank) {
        return Term.binary(operand(left, blank), "||", operand(right, blank), Strength.OPERATOR);
    }

    private Term operand(Value side, boolean blank) {
        Term text = sql(side, Form.TEXT);
        boolean present = side instanceof Literal || (side instanceof Concatenation(Value _, Value _, boolean b) && b);
        return blank && !present ? Term.call("coalesce", text, Term.text("")) : text;
    }

    private Term existence(Items of) {
        return switch (of) {
            case One(Value value) -> presence(value).is("not null");
            case Elements(Value object, String name, Type _) ->
                Term.atom("coalesce(jsonb_array_length(" + field(sql(object, Form.JSON), literal(name), Form.JSON)
                        + ") > 0, false)");
            case Concat(List<Items> parts) ->
                parts.stream().map(this::existence).reduce(Term::or).orElse(Term.atom("false"));
            case Items.Each _,
                    Items.Filter _,
                    Items.Descendants _,
                    Items.Distinct _,
                    Items.Slice _,
                    Items.Numbered _,
                    Items.Split _ -> Term.atom("exists " + ItemsSql.subquery(List.of(), items.fragment(of), List.of()));
        };
    }

    private Term absence(Items of) {
        return of instanceof One(Value value)
                ? presence(value).is("null")
                : existence(of).not();
    }

    /**
     * What is not null where there is an item. It is seen without converting the value; a primitive is also there when
     * it has nothing but an id or extensions, which stand beside it.
     */
    Term presence(Value value) {
        return switch (value) {
            case Field field when field.object() instanceof Beside -> sql(field, Form.JSON);
            case Field field when Form.of(field.type()) == Form.JSON -> sql(field, Form.JSON);
            case Field field -> Term.call("coalesce", sql(field, Form.JSON), beside(field));
            case Either(List<Value> values) ->
                Term.call("coalesce", values.stream().map(this::presenceJson).toList());
            case Item _ -> sql(value, Form.JSON);
            case Pick pick when pick.items() instanceof Elements -> sql(value, Form.JSON);
            default -> sql(value);
        };
    }

    private Term presenceJson(Value value) {
        return value instanceof Field field && Form.of(field.type()) != Form.JSON
                ? Term.call("coalesce", sql(field, Form.JSON), beside(field))
                : sql(value, Form.JSON);
    }

    private Term pick(Pick pick, Form form) {
        Optional<Integer> fixed = pick.position() instanceof Literal(Type _, String text)
                ? Optional.of(Integer.parseInt(text))
                : Optional.empty();
        if (pick.items() instanceof Elements(Value object, String name, Type _) && fixed.isPresent()) {
            Term array = field(sql(object, Form.JSON), literal(name), Form.JSON);
            return field(array, String.valueOf(pick.fromBack() ? -1 - fixed.get() : fixed.get()), form);
        }
        if (fixed.isPresent()) {
            Optional<StraightPath> straight =
                    fixed.get() == 0 && !pick.fromBack() ? StraightPath.to(pick.items(), form, this) : Optional.empty();
            Term query = items.picked(pick.items(), Term.atom(String.valueOf(fixed.get())), pick.fromBack(), form);
            return straight.map(path -> path.orElse(query)).orElse(query);
        }
        return once(
                sql(pick.position(), Form.NUMBER),
                position -> Term.when(
                        new Term(
                                position.in(Strength.OPERATOR) + " between 0 and " + LAST_POSITION,
                                Strength.COMPARISON),
                        items.picked(pick.items(), position.cast("bigint"), pick.fromBack(), form)));
    }

    private Term only(Items of, String what, Form form) {
        Term raise = Raised.severalValues(what).sql(form, root);
        if (of instanceof Elements(Value object, String name, Type _)) {
            Term array = field(sql(object, Form.JSON), literal(name), Form.JSON);
            Term several = Term.compare(Term.call("jsonb_array_length", array), ">", Term.atom("1"));
            return Term.when(several, raise, field(array, "0", form));
        }
        return items.only(of, raise, form);
    }

    private Term let(Var name, Value bound, Value body, Form form) {
        Form natural = Form.of(bound.type());
        Term term = sql(bound, natural);
        maybe.add(name);
        return once(term, named -> {
            bind(name, new Binding(named, natural));
            return sql(body, form);
        });
    }

    /**
     * An expression made of a term that it repeats. A long term gets a name, in a query that PostgreSQL does not
     * flatten, since otherwise nested ones would grow beyond all bounds.
     */
    Term once(Term term, Function<Term, Term> body) {
        if (term.isShort()) {
            return body.apply(term);
        }
        String alias = items.alias();
        String source = "(select " + term + " as v offset 0) as " + alias;
        return Term.atom(Layout.nested("select " + body.apply(Term.atom(alias + ".v")) + "\nfrom " + source));
    }

    /** The terms with each long one named, for an expression that repeats them. */
    Term once(List<Term> terms, Function<List<Term>, Term> body) {
        return once(terms, new ArrayList<>(), body);
    }

    private Term once(List<Term> terms, List<Term> named, Function<List<Term>, Term> body) {
        if (named.size() == terms.size()) {
            return body.apply(List.copyOf(named));
        }
        return once(terms.get(named.size()), term -> {
            named.add(term);
            return once(terms, named, body);
        });
    }
}
