package org.researchflow.rf.plan;

import java.util.List;
import java.util.Optional;

/** At most one value: what a FHIRPath expression that cannot give several compiles to. Absent is FHIRPath's empty. */
public sealed interface Value {

    /** The type of the value when there is one. */
    Type type();

    /** Never a value: <code>{}</code>. */
    record Absent(Type type) implements Value {}

    /** A fixed value in FHIR's text form. */
    record Literal(Type type, String text) implements Value {}

    /** The item at hand. */
    record Item(Var of) implements Value {
        @Override
        public Type type() {
            return of.type();
        }
    }

    /** A member of a JSON object, by its name in JSON. */
    record Field(Value object, String name, Type type) implements Value {}

    /** An element of a choice of types: at most one of the values is there. */
    record Either(List<Value> values) implements Value {
        public Either {
            values = List.copyOf(values);
        }

        @Override
        public Type type() {
            return Type.common(values);
        }
    }

    /** The value when it is a resource of that type. */
    record Narrowed(Value resource, Type type) implements Value {}

    /** {@code getResourceKey()}. */
    record ResourceKey() implements Value {
        @Override
        public Type type() {
            return Type.STRING;
        }
    }

    /** {@code getReferenceKey([Type])}. */
    record ReferenceKey(Value reference, Optional<String> resourceType) implements Value {
        @Override
        public Type type() {
            return Type.STRING;
        }
    }

    /** {@code %rowIndex}: the position of the row's focus, from 0; at the top of a view there is no focus. */
    record RowIndex(Optional<Var> focus) implements Value {
        @Override
        public Type type() {
            return Type.INTEGER;
        }
    }

    /** {@code =} and its kin between values of comparable kinds; empty when a side is, or when precision differs. */
    record Comparison(Comparator comparator, Value left, Value right) implements Value {
        @Override
        public Type type() {
            return Type.BOOLEAN;
        }
    }

    /** {@code =} between collections: the same items in the same order; empty when a side is. */
    record SameItems(Items left, Items right) implements Value {
        @Override
        public Type type() {
            return Type.BOOLEAN;
        }
    }

    /** Three-valued logic. */
    record Logic(Connective connective, Value left, Value right) implements Value {
        @Override
        public Type type() {
            return Type.BOOLEAN;
        }
    }

    /** {@code not()}. */
    record Not(Value operand) implements Value {
        @Override
        public Type type() {
            return Type.BOOLEAN;
        }
    }

    /** Arithmetic on numbers; a division by zero is empty. */
    record Arithmetic(Operation operation, Value left, Value right, Type type) implements Value {}

    /** {@code +} or {@code &} on strings; for {@code &} empty counts as {@code ''}. */
    record Concatenation(Value left, Value right, boolean emptyIsBlank) implements Value {
        @Override
        public Type type() {
            return Type.STRING;
        }
    }

    /** Whether there is any item. */
    record Exists(Items items) implements Value {
        @Override
        public Type type() {
            return Type.BOOLEAN;
        }
    }

    /** The item at a position: from the front, or from the back. */
    record Pick(Items items, Value position, boolean fromBack) implements Value {
        @Override
        public Type type() {
            return items.type();
        }
    }

    /**
     * The only item; several are an error when the rows are made.
     *
     * @param what what may not have several values, for that error's text: a column's name or an expression
     */
    record Only(Items items, String what) implements Value {
        @Override
        public Type type() {
            return items.type();
        }
    }

    /** {@code join()}: the strings one after the other; empty when there is none. */
    record Joined(Items items, Value separator) implements Value {
        @Override
        public Type type() {
            return Type.STRING;
        }
    }

    /**
     * {@code lowBoundary()} or {@code highBoundary()} of a number, date, dateTime or time.
     *
     * @param precision the places or digits asked for
     */
    record Boundary(Value value, boolean high, Optional<Integer> precision) implements Value {
        @Override
        public Type type() {
            return value.type().kind() == Type.Kind.INTEGER ? Type.DECIMAL : value.type();
        }
    }

    /** What stands beside a primitive in JSON, under {@code _name}: an object with its id and its extensions. */
    record Beside(Value primitive) implements Value {
        @Override
        public Type type() {
            return Type.ANY;
        }
    }

    /** A value that has a name within another, so that it is worked out once. */
    record Let(Var name, Value bound, Value body) implements Value {
        @Override
        public Type type() {
            return body.type();
        }
    }

    /** One value if the condition is true, another if it is false or unknown. */
    record Conditional(Value condition, Value then, Value otherwise) implements Value {
        @Override
        public Type type() {
            return Type.common(List.of(then, otherwise));
        }
    }

    /** Whether a truth is true, neither false nor unknown. */
    record Holds(Value truth) implements Value {
        @Override
        public Type type() {
            return Type.BOOLEAN;
        }
    }

    /** Whether a value is one of some fixed ones; empty when there is no value. */
    record OneOf(Value value, List<Literal> literals) implements Value {
        public OneOf {
            literals = List.copyOf(literals);
        }

        @Override
        public Type type() {
            return Type.BOOLEAN;
        }
    }

    /** {@code ~} between values of one kind, neither of them empty. */
    record Equivalent(Value left, Value right) implements Value {
        @Override
        public Type type() {
            return Type.BOOLEAN;
        }
    }

    /** {@code ~} between collections: equivalent items in any order. */
    record EquivalentItems(Items left, Items right) implements Value {
        @Override
        public Type type() {
            return Type.BOOLEAN;
        }
    }

    /** How many items there are. */
    record Count(Items items) implements Value {
        @Override
        public Type type() {
            return Type.INTEGER;
        }
    }

    /** A function of single values; empty when any argument is. */
    record Apply(Scalar function, List<Value> arguments, Type type) implements Value {
        public Apply {
            arguments = List.copyOf(arguments);
        }
    }

    /** How two values compare. */
    enum Comparator {
        EQUAL,
        NOT_EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL
    }

    /** How two truths combine. */
    enum Connective {
        AND,
        OR,
        XOR,
        IMPLIES
    }

    /** How two numbers combine. */
    enum Operation {
        ADD,
        SUBTRACT,
        MULTIPLY,
        DIVIDE,
        INTEGER_DIVIDE,
        MODULO
    }
}
