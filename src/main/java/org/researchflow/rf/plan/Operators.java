package org.researchflow.rf.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.researchflow.rf.fhirpath.Expression;
import org.researchflow.rf.fhirpath.Expression.Binary;
import org.researchflow.rf.fhirpath.Operator;
import org.researchflow.rf.fhirpath.Span;
import org.researchflow.rf.plan.Items.Concat;
import org.researchflow.rf.plan.Items.Distinct;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.PathCompiler.Scope;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Arithmetic;
import org.researchflow.rf.plan.Value.Comparator;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Concatenation;
import org.researchflow.rf.plan.Value.Conditional;
import org.researchflow.rf.plan.Value.Connective;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Equivalent;
import org.researchflow.rf.plan.Value.EquivalentItems;
import org.researchflow.rf.plan.Value.Exists;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Literal;
import org.researchflow.rf.plan.Value.Logic;
import org.researchflow.rf.plan.Value.Not;
import org.researchflow.rf.plan.Value.OneOf;
import org.researchflow.rf.plan.Value.Operation;
import org.researchflow.rf.plan.Value.SameItems;

/** What FHIRPath's operators mean for operands of these types. */
final class Operators {

    private static final Literal TRUE = new Literal(Type.BOOLEAN, "true");
    private static final Literal FALSE = new Literal(Type.BOOLEAN, "false");

    private final PathCompiler paths;
    private final Collections collections;

    Operators(PathCompiler paths, Collections collections) {
        this.paths = paths;
        this.collections = collections;
    }

    Items binary(Binary binary, Scope scope) {
        if (binary.operator() == Operator.UNION) {
            return CollectionFunctions.distinct(Collections.concat(union(binary, scope)));
        }
        return new One(
                switch (binary.operator()) {
                    case AND -> logic(Connective.AND, binary, scope);
                    case OR -> logic(Connective.OR, binary, scope);
                    case XOR -> logic(Connective.XOR, binary, scope);
                    case IMPLIES -> logic(Connective.IMPLIES, binary, scope);
                    case EQUAL -> equal(binary, scope);
                    case NOT_EQUAL -> negated(equal(binary, scope));
                    case EQUIVALENT -> equivalent(binary, scope);
                    case NOT_EQUIVALENT -> negated(equivalent(binary, scope));
                    case LESS -> ordered(Comparator.LESS, binary, scope);
                    case LESS_OR_EQUAL -> ordered(Comparator.LESS_OR_EQUAL, binary, scope);
                    case GREATER -> ordered(Comparator.GREATER, binary, scope);
                    case GREATER_OR_EQUAL -> ordered(Comparator.GREATER_OR_EQUAL, binary, scope);
                    case ADD -> add(binary, scope);
                    case SUBTRACT -> arithmetic(Operation.SUBTRACT, binary, scope);
                    case MULTIPLY -> arithmetic(Operation.MULTIPLY, binary, scope);
                    case DIVIDE -> arithmetic(Operation.DIVIDE, binary, scope);
                    case INTEGER_DIVIDE -> arithmetic(Operation.INTEGER_DIVIDE, binary, scope);
                    case MODULO -> arithmetic(Operation.MODULO, binary, scope);
                    case CONCATENATE -> concatenation(binary, scope);
                    case IN -> among(binary.left(), binary.right(), binary, scope);
                    case CONTAINS -> among(binary.right(), binary.left(), binary, scope);
                    case UNION -> throw new IllegalStateException("not a value");
                });
    }

    /** The operands of a chain of unions, which is one union of them all. */
    private List<Items> union(Expression expression, Scope scope) {
        List<Items> parts = new ArrayList<>();
        Expression rest = expression;
        while (rest instanceof Binary(Operator operator, Expression left, Expression right, Span _)
                && operator == Operator.UNION) {
            parts.addFirst(paths.compile(right, scope));
            rest = left;
        }
        parts.addFirst(paths.compile(rest, scope));
        return parts;
    }

    Items sign(boolean negative, Items operand, Span span) {
        Value value = Collections.only(operand, "the operand of a sign");
        requireNumber(value, span);
        if (!negative || value instanceof Absent) {
            return new One(value);
        }
        if (value instanceof Literal(Type type, String text)) {
            return new One(new Literal(type, text.startsWith("-") ? text.substring(1) : "-" + text));
        }
        return new One(new Arithmetic(Operation.SUBTRACT, new Literal(Type.INTEGER, "0"), value, value.type()));
    }

    /**
     * The items as one truth: where a boolean is wanted, a single item of another type counts as true. Several are an
     * error when the rows are made.
     *
     * @see <a href="https://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections">singleton evaluation</a>
     */
    Value bool(Items items, Span span) {
        Value value = Collections.only(items, "a condition");
        if (value instanceof Absent) {
            return new Absent(Type.BOOLEAN);
        }
        if (value.type().kind() == Kind.BOOLEAN) {
            return value;
        }
        Value there = new Conditional(new Exists(new One(value)), TRUE, new Absent(Type.BOOLEAN));
        return value instanceof Either(List<Value> values)
                ? values.stream()
                        .filter(v -> v.type().kind() == Kind.BOOLEAN)
                        .findFirst()
                        .<Value>map(v -> new Either(List.of(v, there)))
                        .orElse(there)
                : there;
    }

    /** The items as one boolean and nothing else. */
    static Value test(Items items, Span span) {
        Value value = Collections.only(items, "a condition");
        if (value instanceof Absent) {
            return new Absent(Type.BOOLEAN);
        }
        if (value.type().kind() != Kind.BOOLEAN) {
            throw Rejection.of(
                    span,
                    "a boolean is needed, this is " + described(value.type()),
                    "expected a condition here, such as … = … or ….exists()");
        }
        return value;
    }

    private Value logic(Connective connective, Binary binary, Scope scope) {
        return new Logic(connective, paths.condition(binary.left(), scope), paths.condition(binary.right(), scope));
    }

    private static Value negated(Value truth) {
        return truth instanceof Absent ? truth : new Not(truth);
    }

    private Value equal(Binary binary, Scope scope) {
        Items left = paths.compile(binary.left(), scope);
        Items right = paths.compile(binary.right(), scope);
        if (left instanceof One(Value l) && right instanceof One(Value r)) {
            return compared(Comparator.EQUAL, l, r, binary.operatorSpan());
        }
        if (left.equals(Collections.none()) || right.equals(Collections.none())) {
            return new Absent(Type.BOOLEAN);
        }
        requireComparable(left.type(), right.type(), binary.operatorSpan());
        if (isExactlyKnown(left.type()) && isExactlyKnown(right.type())) {
            return new SameItems(left, right);
        }
        if (left instanceof One(Value l)) {
            return onlyItem(right, l, item -> compared(Comparator.EQUAL, l, item, binary.operatorSpan()));
        }
        if (right instanceof One(Value r)) {
            return onlyItem(left, r, item -> compared(Comparator.EQUAL, item, r, binary.operatorSpan()));
        }
        return new SameItems(left, right);
    }

    /** Whether two values of the type are equal or not, and never neither for a difference in precision or unit. */
    private static boolean isExactlyKnown(Type type) {
        Kind kind = type.kind();
        return !kind.isCalendar() && kind != Kind.TIME && kind != Kind.QUANTITY;
    }

    /** Items are what one value is if there is one of them, and it is. */
    private static Value onlyItem(Items items, Value other, UnaryOperator<Value> equal) {
        Value several = new Comparison(Comparator.GREATER, new Value.Count(items), new Literal(Type.INTEGER, "1"));
        return new Conditional(
                new Logic(Connective.AND, several, new Exists(new One(other))),
                FALSE,
                equal.apply(new Value.Pick(items, new Literal(Type.INTEGER, "0"), false)));
    }

    private Value equivalent(Binary binary, Scope scope) {
        Items left = paths.compile(binary.left(), scope);
        Items right = paths.compile(binary.right(), scope);
        if (left instanceof One(Absent _)) {
            return new Not(new Exists(right));
        }
        if (right instanceof One(Absent _)) {
            return new Not(new Exists(left));
        }
        requireComparable(left.type(), right.type(), binary.operatorSpan());
        if (!(left instanceof One(Value l)) || !(right instanceof One(Value r))) {
            return new EquivalentItems(left, right);
        }
        Exists leftThere = new Exists(left);
        Exists rightThere = new Exists(right);
        return new Conditional(
                new Logic(Connective.AND, leftThere, rightThere),
                new Equivalent(l, r),
                new Not(new Logic(Connective.OR, leftThere, rightThere)));
    }

    private Value among(Expression item, Expression list, Binary binary, Scope scope) {
        Value value = Collections.only(paths.compile(item, scope), "an operand of " + symbol(binary));
        Items items = paths.compile(list, scope);
        if (value instanceof Absent) {
            return new Absent(Type.BOOLEAN);
        }
        Value direct = isAmong(value, items, binary.operatorSpan());
        return direct instanceof OneOf
                ? direct
                : collections.let(
                        value,
                        v -> new Conditional(
                                new Exists(new One(v)),
                                isAmong(v, items, binary.operatorSpan()),
                                new Absent(Type.BOOLEAN)));
    }

    /** Whether a value that is there equals one of the items. */
    Value isAmong(Value value, Items items, Span span) {
        Items list = items instanceof Distinct(Items source) ? source : items;
        if (list.equals(Collections.none())) {
            return FALSE;
        }
        requireComparable(value.type(), list.type(), span);
        Optional<List<Literal>> literals = literals(list);
        Kind kind = value.type().kind();
        boolean plain = kind == Kind.STRING || kind.isNumber() || kind == Kind.BOOLEAN;
        return plain && literals.isPresent()
                ? new OneOf(value, literals.get())
                : new Exists(collections.filter(list, item -> compared(Comparator.EQUAL, new Item(item), value, span)));
    }

    private static Optional<List<Literal>> literals(Items items) {
        List<Items> parts = items instanceof Concat(List<Items> several) ? several : List.of(items);
        List<Literal> literals = new ArrayList<>();
        for (Items part : parts) {
            if (!(part instanceof One(Literal literal))) {
                return Optional.empty();
            }
            literals.add(literal);
        }
        return Optional.of(literals);
    }

    private Value ordered(Comparator comparator, Binary binary, Scope scope) {
        Value left = Collections.only(paths.compile(binary.left(), scope), "an operand of " + symbol(binary));
        Value right = Collections.only(paths.compile(binary.right(), scope), "an operand of " + symbol(binary));
        for (Value side : List.of(left, right)) {
            Kind kind = side.type().kind();
            boolean orderless = kind == Kind.BOOLEAN || (kind == Kind.COMPLEX && !(side instanceof Either));
            if (orderless && !(side instanceof Absent)) {
                throw Rejection.of(
                        binary.operatorSpan(), described(side.type()) + " has no order", "compare one of its elements");
            }
        }
        return compared(comparator, left, right, binary.operatorSpan());
    }

    private static Value compared(Comparator comparator, Value left, Value right, Span span) {
        if (left instanceof Absent || right instanceof Absent) {
            return new Absent(Type.BOOLEAN);
        }
        if (left instanceof Either && left.type().equals(Type.ANY)) {
            return alternatives(comparator, left, right, false, span);
        }
        if (right instanceof Either && right.type().equals(Type.ANY)) {
            return alternatives(comparator, right, left, true, span);
        }
        requireComparable(left.type(), right.type(), span);
        return new Comparison(comparator, left, right);
    }

    /** A choice of types is compared where it has a type that can be; as another type it is not equal. */
    private static Value alternatives(Comparator comparator, Value choice, Value other, boolean swapped, Span span) {
        List<Value> fitting = choice instanceof Either(List<Value> values)
                ? values.stream()
                        .filter(v -> comparable(v.type(), other.type()))
                        .toList()
                : List.of();
        if (fitting.isEmpty() || other.type().equals(Type.ANY)) {
            throw Rejection.of(span, "a choice of types cannot be compared", "choose one with ofType(…)");
        }
        Value chosen = fitting.size() == 1 ? fitting.getFirst() : new Either(fitting);
        Value comparison =
                swapped ? new Comparison(comparator, other, chosen) : new Comparison(comparator, chosen, other);
        if (comparator != Comparator.EQUAL) {
            return comparison;
        }
        Value otherwise = new Conditional(new Exists(new One(choice)), FALSE, new Absent(Type.BOOLEAN));
        return new Conditional(new Exists(new One(chosen)), comparison, otherwise);
    }

    private static boolean comparable(Type left, Type right) {
        Kind a = left.kind();
        Kind b = right.kind();
        return a == b || (a.isNumber() && b.isNumber()) || (a.isCalendar() && b.isCalendar());
    }

    private static void requireComparable(Type left, Type right, Span span) {
        if (!comparable(left, right)) {
            boolean date = left.kind().isCalendar() || right.kind().isCalendar();
            String hint = date ? "a date is written @2020-05-01" : "these never are equal";
            throw Rejection.of(span, described(left) + " cannot be compared with " + described(right), hint);
        }
    }

    private Value add(Binary binary, Scope scope) {
        Value left = Collections.only(paths.compile(binary.left(), scope), "an operand of +");
        Value right = Collections.only(paths.compile(binary.right(), scope), "an operand of +");
        if (left instanceof Absent) {
            return new Absent(right.type());
        }
        if (right instanceof Absent) {
            return new Absent(left.type());
        }
        if (left.type().kind() == Kind.STRING && right.type().kind() == Kind.STRING) {
            return new Concatenation(left, right, false);
        }
        return arithmetic(Operation.ADD, left, right, binary);
    }

    private Value concatenation(Binary binary, Scope scope) {
        Value left = Collections.only(paths.compile(binary.left(), scope), "an operand of &");
        Value right = Collections.only(paths.compile(binary.right(), scope), "an operand of &");
        for (Value side : List.of(left, right)) {
            if (side.type().kind() != Kind.STRING && !(side instanceof Absent)) {
                throw Rejection.of(binary.operatorSpan(), "& joins strings", "this is " + described(side.type()));
            }
        }
        return new Concatenation(left, right, true);
    }

    private Value arithmetic(Operation operation, Binary binary, Scope scope) {
        Value left = Collections.only(paths.compile(binary.left(), scope), "an operand of " + symbol(binary));
        Value right = Collections.only(paths.compile(binary.right(), scope), "an operand of " + symbol(binary));
        return arithmetic(operation, left, right, binary);
    }

    private static Value arithmetic(Operation operation, Value left, Value right, Binary binary) {
        requireNumber(left, binary.left().span());
        requireNumber(right, binary.right().span());
        boolean whole = left.type().kind() == Kind.INTEGER && right.type().kind() == Kind.INTEGER;
        Type type = switch (operation) {
            case DIVIDE -> Type.DECIMAL;
            case INTEGER_DIVIDE -> Type.INTEGER;
            case ADD, SUBTRACT, MULTIPLY, MODULO -> whole ? Type.INTEGER : Type.DECIMAL;
        };
        return new Arithmetic(operation, left, right, type);
    }

    private static void requireNumber(Value value, Span span) {
        if (value.type().kind().isNumber() || value instanceof Absent) {
            return;
        }
        Kind kind = value.type().kind();
        if (kind.isCalendar() || kind == Kind.TIME) {
            throw PathCompiler.unsupported(span, "date and time arithmetic (FHIRPath, section 6.7)");
        }
        throw kind == Kind.QUANTITY
                ? PathCompiler.unsupported(span, "arithmetic with Quantities (FHIRPath, section 6.6)")
                : Rejection.of(
                        span, "a number is needed, this is " + described(value.type()), "expected a number here");
    }

    private static String symbol(Binary binary) {
        return binary.operator().symbol();
    }

    static String described(Type type) {
        return type.equals(Type.ANY) ? "a choice of types" : "of type " + type.name();
    }

    static String described(Kind kind) {
        return switch (kind) {
            case BOOLEAN -> "a boolean";
            case INTEGER -> "an integer";
            case DECIMAL -> "a decimal";
            case STRING -> "a string";
            case DATE -> "a date";
            case DATE_TIME -> "a dateTime";
            case TIME -> "a time";
            case QUANTITY -> "a Quantity";
            case COMPLEX -> "a complex value";
        };
    }
}
