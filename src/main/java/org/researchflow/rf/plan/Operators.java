package org.researchflow.rf.plan;

import org.researchflow.rf.fhirpath.Expression.Binary;
import org.researchflow.rf.fhirpath.Operator;
import org.researchflow.rf.fhirpath.Span;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.PathCompiler.Scope;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Arithmetic;
import org.researchflow.rf.plan.Value.Comparator;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Concatenation;
import org.researchflow.rf.plan.Value.Connective;
import org.researchflow.rf.plan.Value.Either;
import org.researchflow.rf.plan.Value.Literal;
import org.researchflow.rf.plan.Value.Logic;
import org.researchflow.rf.plan.Value.Not;
import org.researchflow.rf.plan.Value.Operation;
import org.researchflow.rf.plan.Value.SameItems;

/** What FHIRPath's operators mean for operands of these types. */
final class Operators {

    private final PathCompiler paths;

    Operators(PathCompiler paths) {
        this.paths = paths;
    }

    Items binary(Binary binary, Scope scope) {
        Operator operator = binary.operator();
        return new One(
                switch (operator) {
                    case AND -> logic(Connective.AND, binary, scope);
                    case OR -> logic(Connective.OR, binary, scope);
                    case XOR -> logic(Connective.XOR, binary, scope);
                    case IMPLIES -> logic(Connective.IMPLIES, binary, scope);
                    case EQUAL -> equal(binary, scope);
                    case NOT_EQUAL -> new Not(equal(binary, scope));
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
                    case UNION, IN, CONTAINS, EQUIVALENT, NOT_EQUIVALENT ->
                        throw PathCompiler.unsupported(binary.operatorSpan(), operator.symbol());
                });
    }

    Items sign(boolean negative, Items operand, Span span) {
        Value value = Collections.only(operand, "the operand of a sign");
        requireNumber(value, span);
        if (!negative) {
            return new One(value);
        }
        if (value instanceof Literal(Type type, String text)) {
            return new One(new Literal(type, "-" + text));
        }
        return new One(new Arithmetic(Operation.SUBTRACT, new Literal(Type.INTEGER, "0"), value, value.type()));
    }

    /** The items as one boolean; several are an error when the rows are made. */
    Value bool(Items items, Span span) {
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

    private Value equal(Binary binary, Scope scope) {
        Items left = paths.compile(binary.left(), scope);
        Items right = paths.compile(binary.right(), scope);
        if (left instanceof One(Value l) && right instanceof One(Value r)) {
            return compared(Comparator.EQUAL, l, r, binary.operatorSpan());
        }
        requireComparable(left.type(), right.type(), binary.operatorSpan());
        return new SameItems(left, right);
    }

    private Value ordered(Comparator comparator, Binary binary, Scope scope) {
        Value left = Collections.only(paths.compile(binary.left(), scope), "an operand of " + symbol(binary));
        Value right = Collections.only(paths.compile(binary.right(), scope), "an operand of " + symbol(binary));
        for (Value side : new Value[] {left, right}) {
            if (side.type().kind() == Kind.COMPLEX && !(side instanceof Absent)) {
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
        for (Value side : new Value[] {left, right}) {
            if (side instanceof Either && side.type().equals(Type.ANY)) {
                throw Rejection.of(span, "a choice of types cannot be compared", "choose one with ofType(…)");
            }
        }
        requireComparable(left.type(), right.type(), span);
        return new Comparison(comparator, left, right);
    }

    private static void requireComparable(Type left, Type right, Span span) {
        Kind a = left.kind();
        Kind b = right.kind();
        boolean comparable = a == b || (a.isNumber() && b.isNumber()) || (a.isCalendar() && b.isCalendar());
        if (!comparable) {
            String hint = a.isCalendar() || b.isCalendar() ? "a date is written @2020-05-01" : "these never are equal";
            throw Rejection.of(span, described(left) + " cannot be compared with " + described(right), hint);
        }
    }

    private Value add(Binary binary, Scope scope) {
        Value left = Collections.only(paths.compile(binary.left(), scope), "an operand of +");
        Value right = Collections.only(paths.compile(binary.right(), scope), "an operand of +");
        if (left.type().kind() == Kind.STRING && right.type().kind() == Kind.STRING) {
            return new Concatenation(left, right, false);
        }
        return arithmetic(Operation.ADD, left, right, binary);
    }

    private Value concatenation(Binary binary, Scope scope) {
        Value left = Collections.only(paths.compile(binary.left(), scope), "an operand of &");
        Value right = Collections.only(paths.compile(binary.right(), scope), "an operand of &");
        for (Value side : new Value[] {left, right}) {
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
        if (!value.type().kind().isNumber() && !(value instanceof Absent)) {
            throw Rejection.of(
                    span, "a number is needed, this is " + described(value.type()), "expected a number here");
        }
    }

    private static String symbol(Binary binary) {
        return binary.operator().symbol();
    }

    static String described(Type type) {
        return type.equals(Type.ANY) ? "a choice of types" : "of type " + type.name();
    }
}
