package org.researchflow.rf.plan;

import java.math.BigInteger;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.fhir.Element;
import org.researchflow.rf.fhir.ElementTable;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.fhirpath.Expression;
import org.researchflow.rf.fhirpath.Expression.Binary;
import org.researchflow.rf.fhirpath.Expression.Call;
import org.researchflow.rf.fhirpath.Expression.Empty;
import org.researchflow.rf.fhirpath.Expression.External;
import org.researchflow.rf.fhirpath.Expression.Focus;
import org.researchflow.rf.fhirpath.Expression.Index;
import org.researchflow.rf.fhirpath.Expression.Indexer;
import org.researchflow.rf.fhirpath.Expression.LiteralKind;
import org.researchflow.rf.fhirpath.Expression.Member;
import org.researchflow.rf.fhirpath.Expression.QuantityLiteral;
import org.researchflow.rf.fhirpath.Expression.Sign;
import org.researchflow.rf.fhirpath.Expression.This;
import org.researchflow.rf.fhirpath.Expression.Total;
import org.researchflow.rf.fhirpath.Expression.TypeTest;
import org.researchflow.rf.fhirpath.Span;
import org.researchflow.rf.plan.Items.Elements;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Beside;
import org.researchflow.rf.plan.Value.Conditional;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Field;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Literal;
import org.researchflow.rf.plan.Value.Narrowed;
import org.researchflow.rf.plan.Value.Pick;
import org.researchflow.rf.plan.Value.RowIndex;
import org.researchflow.rf.view.Constant;

/** One FHIRPath expression, seen from a node of a view, into {@link Items}. */
final class PathCompiler {

    /** FHIRPath's own types and the FHIR types that they are. */
    private static final Map<String, String> SYSTEM_TYPES = Map.of(
            "Boolean", "boolean",
            "String", "string",
            "Integer", "integer",
            "Decimal", "decimal",
            "Date", "date",
            "DateTime", "dateTime",
            "Time", "time",
            "Quantity", "Quantity");

    private final ElementTable table;
    private final Var root;
    private final Map<String, Constant> constants;
    private final Collections collections;
    private final Operators operators;
    private final Functions functions;
    private final Set<Var> counted = new HashSet<>();
    private boolean readsId;
    private boolean readsMeta;

    PathCompiler(ElementTable table, Var root, Map<String, Constant> constants, Names names) {
        this.table = table;
        this.root = root;
        this.constants = constants;
        this.collections = new Collections(names);
        this.operators = new Operators(this, collections);
        this.functions = new Functions(this, collections);
    }

    /**
     * Where an expression is evaluated.
     *
     * @param self {@code $this} and the start of every path
     * @param row the focus that {@code %rowIndex} counts, if the select iterates
     * @param index the item that {@code $index} counts, inside of a function that walks through items
     */
    record Scope(Value self, Optional<Var> row, Optional<Var> index) {
        Scope(Value self, Optional<Var> row) {
            this(self, row, Optional.empty());
        }

        Scope within(Value item) {
            return new Scope(item, row, item instanceof Item(Var of) ? Optional.of(of) : Optional.empty());
        }
    }

    /** @throws Rejection if the expression means nothing here */
    Items compile(Expression expression, Scope scope) {
        return switch (expression) {
            case Focus _, This _ -> new One(scope.self());
            case Empty _ -> Collections.none();
            case Expression.Literal literal -> new One(literal(literal));
            case External external -> external(external, scope);
            case Member member -> member(member, scope);
            case Call call -> functions.call(call, scope);
            case Indexer(Expression target, Expression index, Span _) -> indexed(compile(target, scope), index, scope);
            case TypeTest test when test.as() -> ofType(compile(test.operand(), scope), test.type(), test.typeSpan());
            case TypeTest test -> new One(isType(compile(test.operand(), scope), test.type(), test.typeSpan()));
            case Binary binary -> operators.binary(binary, scope);
            case Sign(boolean negative, Expression operand, Span span) ->
                operators.sign(negative, compile(operand, scope), span);
            case Index(Span span) ->
                new One(new RowIndex(Optional.of(scope.index()
                        .orElseThrow(() -> Rejection.of(
                                span,
                                "$index outside of where(), select() or the like",
                                "there is nothing to count")))));
            case Total(Span span) -> throw unsupported(span, "$total");
            case QuantityLiteral quantity -> new One(Quantities.literal(quantity));
        };
    }

    /** What an expression means on a node that need not have its elements. */
    Items ifKnown(Expression expression, Scope scope) {
        try {
            return compile(expression, scope);
        } catch (Rejection e) {
            if (e.element().isPresent()) {
                return Collections.none();
            }
            throw e;
        }
    }

    /** Whether any expression so far asks for the position of this focus. */
    boolean counts(Var focus) {
        return counted.contains(focus);
    }

    /** Whether any expression so far looks at the {@code id} of the resource. */
    boolean readsId() {
        return readsId;
    }

    /** Whether any expression so far looks at the {@code meta} of the resource. */
    boolean readsMeta() {
        return readsMeta;
    }

    /** A node of the resource's own type that is given out whole shows its id and meta. */
    void noteWhole(Items items) {
        if (items.type().equals(root.type())) {
            readsId = true;
            readsMeta = true;
        }
    }

    /** The expression as one truth: what {@code and} or {@code where()} wants. */
    Value condition(Expression expression, Scope scope) {
        return operators.bool(compile(expression, scope), expression.span());
    }

    /** The expression as a boolean: what a view's where wants. */
    Value test(Expression expression, Scope scope) {
        return Operators.test(compile(expression, scope), expression.span());
    }

    Operators operators() {
        return operators;
    }

    private static Value literal(Expression.Literal literal) {
        Type type = switch (literal.kind()) {
            case BOOLEAN -> Type.BOOLEAN;
            case STRING -> Type.STRING;
            case INTEGER -> Type.INTEGER;
            case DECIMAL -> Type.DECIMAL;
            case DATE -> Type.DATE;
            case DATE_TIME -> Type.DATE_TIME;
            case TIME -> Type.TIME;
        };
        if (literal.kind() == LiteralKind.STRING && literal.text().indexOf('\0') >= 0) {
            throw Rejection.of(literal.span(), "a string holds a NUL character", "FHIR strings cannot hold it");
        }
        if (literal.text().codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw Rejection.of(
                    literal.span(),
                    "a string holds half of a character",
                    "expected \\uD800-\\uDBFF, then \\uDC00-\\uDFFF");
        }
        // @2015T is a dateTime that is known to the year.
        return new Literal(
                type,
                literal.text().endsWith("T") && literal.kind() == LiteralKind.DATE_TIME
                        ? literal.text().substring(0, literal.text().length() - 1)
                        : literal.text());
    }

    private Items external(External external, Scope scope) {
        Constant constant = constants.get(external.name());
        if (constant != null) {
            return new One(new Literal(Type.of(constant.type(), table), constant.value()));
        }
        return switch (external.name()) {
            case "rowIndex" -> {
                scope.row().ifPresent(counted::add);
                yield new One(new RowIndex(scope.row()));
            }
            case "resource", "rootResource", "context" -> new One(new Item(root));
            case "sct" -> text("http://snomed.info/sct");
            case "loinc" -> text("http://loinc.org");
            case "ucum" -> text("http://unitsofmeasure.org");
            default ->
                wellKnown(external.name())
                        .orElseThrow(() -> Rejection.of(
                                external.span(),
                                "no constant \"" + external.name() + "\"",
                                constants.isEmpty() ? "the view defines no constant" : "not defined in \"constant\"",
                                Suggestion.nearest(external.name(), constants.keySet())));
        };
    }

    /** FHIR's names for its own canonical URLs: <code>%`ext-patient-birthTime`</code>. */
    private static Optional<Items> wellKnown(String name) {
        String base = "http://hl7.org/fhir/";
        return name.startsWith("ext-")
                ? Optional.of(text(base + "StructureDefinition/" + name.substring("ext-".length())))
                : name.startsWith("vs-")
                        ? Optional.of(text(base + "ValueSet/" + name.substring("vs-".length())))
                        : Optional.empty();
    }

    private static Items text(String content) {
        return new One(new Literal(Type.STRING, content));
    }

    private Items member(Member member, Scope scope) {
        // A path may begin with the type of the resource: Patient.name.
        if (member.target() instanceof Focus
                && scope.self() instanceof Item(Var of)
                && of.equals(root)
                && table.isA(root.type().name(), member.name())) {
            return new One(scope.self());
        }
        Items target = compile(member.target(), scope);
        return children(target, member.name(), member.nameSpan());
    }

    /** The element of that name of each item. */
    Items children(Items target, String name, Span span) {
        if (target instanceof One(Either(List<Value> values))) {
            List<Value> owners = values.stream()
                    .filter(v -> element(v.type(), name).isPresent())
                    .toList();
            if (!owners.isEmpty()) {
                return collections.flatMap(new One(new Either(owners)), v -> children(v, name, span));
            }
        }
        if (target instanceof Items.Concat(List<Items> parts) && target.type().equals(Type.ANY)) {
            List<Items> owners = parts.stream()
                    .filter(part -> element(part.type(), name).isPresent())
                    .toList();
            if (!owners.isEmpty()) {
                return Collections.concat(
                        owners.stream().map(part -> children(part, name, span)).toList());
            }
        }
        if (target instanceof Items.Each(Items source, Var item, Items each)) {
            Items below = children(each, name, span);
            return below.equals(Collections.none()) ? below : new Items.Each(source, item, below);
        }
        return collections.flatMap(target, v -> children(v, name, span));
    }

    private Items children(Value value, String name, Span span) {
        Element element = element(value.type(), name).orElseThrow(() -> noElement(value.type(), name, span));
        if (value.type().equals(root.type())) {
            readsId |= name.equals("id");
            readsMeta |= name.equals("meta");
        }
        if (table.isPrimitive(value.type().name())) {
            return ofPrimitive(value, element, span);
        }
        if (element.choice()) {
            return new One(new Either(element.types().stream()
                    .<Value>map(type -> new Field(value, name + capitalized(type), Type.of(type, table)))
                    .toList()));
        }
        Type type =
                element.types().isEmpty() ? Type.ANY : Type.of(element.types().getFirst(), table);
        return element.repeats() ? new Elements(value, name, type) : new One(new Field(value, name, type));
    }

    /** {@code id} and {@code extension} of a primitive stand beside it in JSON. */
    private Items ofPrimitive(Value value, Element element, Span span) {
        if (element.name().equals("value")) {
            throw noElement(value.type(), "value", span);
        }
        Value beside = new Beside(value);
        Type type = Type.of(element.types().getFirst(), table);
        return element.repeats()
                ? new Elements(beside, element.name(), type)
                : new One(new Field(beside, element.name(), type));
    }

    private Optional<Element> element(Type type, String name) {
        return table.element(type.name(), name);
    }

    private Rejection noElement(Type type, String name, Span span) {
        List<String> known =
                table.elements(type.name()).stream().map(Element::name).toList();
        String where = type.equals(Type.ANY) ? "this node" : type.name();
        return Rejection.of(
                        span,
                        "no element \"" + name + "\" in " + where,
                        known.isEmpty() ? where + " has no elements" : "not an element of " + where,
                        Suggestion.nearest(name, known))
                .ofElement(name);
    }

    private Items indexed(Items target, Expression index, Scope scope) {
        Items position = compile(index, scope);
        if (position instanceof One(Literal(Type type, String text)) && type.kind() == Kind.INTEGER) {
            return Collections.pick(target, position(text), false);
        }
        if (position.equals(Collections.none())) {
            return Collections.none();
        }
        if (position.type().kind() != Kind.INTEGER) {
            throw Rejection.of(index.span(), "an index must be an integer", "expected an integer here");
        }
        return new One(new Pick(target, Collections.only(position, "an index"), false));
    }

    /** A position beyond what an array can have is as good as any other that no item has. */
    static int position(String digits) {
        return new BigInteger(digits)
                .max(BigInteger.ONE.negate())
                .min(BigInteger.valueOf(Integer.MAX_VALUE))
                .intValueExact();
    }

    /** {@code ofType()} and {@code as}: the items that are of the type. */
    Items ofType(Items items, String written, Span span) {
        String name = typeName(written, span);
        if (items instanceof One(Either(List<Value> values))) {
            return chosen(values, name);
        }
        if (items instanceof Items.Each(Items source, Var item, Items each)) {
            Items inner = ofType(each, written, span);
            return inner.equals(Collections.none()) ? inner : new Items.Each(source, item, inner);
        }
        return collections.flatMap(items, v -> narrowed(v, name, span));
    }

    private Items chosen(List<Value> values, String type) {
        // What specializes the type is of it too: a code is a string. The type itself is the likeliest.
        List<Value> matching = values.stream()
                .filter(v -> table.isA(v.type().name(), type))
                .sorted(Comparator.comparing(v -> !v.type().name().equals(type)))
                .toList();
        return switch (matching.size()) {
            case 0 -> Collections.none();
            case 1 -> new One(matching.getFirst());
            default -> new One(new Either(matching));
        };
    }

    private Items narrowed(Value value, String type, Span span) {
        String actual = value.type().name();
        if (value.type().equals(Type.ANY) && !(value instanceof Absent)) {
            // Saying that it is of no such type would be a guess.
            throw Rejection.of(
                    span,
                    "the type of these items is not known here",
                    "choose the type first: value.ofType(" + type + ").first()");
        }
        if (actual.equals(type) || table.isA(actual, type)) {
            return new One(value);
        }
        if (table.isResource(type) && table.isA(type, actual)) {
            return new One(new Narrowed(value, Type.of(type, table)));
        }
        return Collections.none();
    }

    /** Whether the single item is of a type; empty when there is none. */
    Value isType(Items items, String written, Span span) {
        Value value = Collections.only(items, "the operand of is");
        // Of several values, each a choice of types, the type is known item by item only.
        Items matching = ofType(items instanceof Items.Each ? items : new One(value), written, span);
        return collections.let(
                new Exists(new One(value)),
                present -> new Conditional(present, new Exists(matching), new Absent(Type.BOOLEAN)));
    }

    private String typeName(String written, Span span) {
        String name = written.startsWith("FHIR.") ? written.substring("FHIR.".length()) : written;
        String system = name.startsWith("System.") ? name.substring("System.".length()) : name;
        name = SYSTEM_TYPES.getOrDefault(system, name);
        if (!table.isType(name)) {
            throw Rejection.of(
                    span,
                    "no type \"" + written + "\"",
                    "not a type of this FHIR version",
                    Suggestion.nearest(name, table.typeNames()));
        }
        return name;
    }

    boolean isRoot(Var item) {
        return item.equals(root);
    }

    void requireResourceType(String name, Span span) {
        if (!table.isResource(name)) {
            throw Rejection.of(
                    span,
                    "no resource type \"" + name + "\"",
                    "expected a type such as Patient",
                    Suggestion.nearest(name, table.resourceTypes()));
        }
    }

    static Rejection unsupported(Span span, String what) {
        return Rejection.of(span, what + " is not supported", "rf cannot compile this");
    }

    private static String capitalized(String type) {
        return Character.toUpperCase(type.charAt(0)) + type.substring(1);
    }
}
