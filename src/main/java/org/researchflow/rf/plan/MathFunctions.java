package org.researchflow.rf.plan;

import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Literal;

/** The functions of numbers. */
final class MathFunctions {

    private MathFunctions() {}

    static void addTo(Functions table) {
        add(table, "ceiling", Scalar.CEILING, Type.INTEGER, 0);
        add(table, "floor", Scalar.FLOOR, Type.INTEGER, 0);
        add(table, "truncate", Scalar.TRUNCATE, Type.INTEGER, 0);
        add(table, "sqrt", Scalar.SQUARE_ROOT, Type.DECIMAL, 0);
        add(table, "exp", Scalar.EXPONENTIAL, Type.DECIMAL, 0);
        add(table, "ln", Scalar.NATURAL_LOGARITHM, Type.DECIMAL, 0);
        add(table, "log", Scalar.LOGARITHM, Type.DECIMAL, 1);
        add(table, "power", Scalar.POWER, Type.DECIMAL, 1);
        table.add("abs", call -> {
            Value number = number(call);
            return StringFunctions.apply(Scalar.ABS, number.type(), List.of(number));
        });
        table.add(
                "round",
                0,
                1,
                call -> StringFunctions.apply(
                        Scalar.ROUND,
                        Type.DECIMAL,
                        List.of(
                                number(call),
                                call.has(0) ? call.argument(0, Kind.INTEGER) : new Literal(Type.INTEGER, "0"))));
    }

    private static void add(Functions table, String name, Scalar function, Type type, int arguments) {
        table.add(name, arguments, arguments, call -> {
            List<Value> values = new ArrayList<>(List.of(number(call)));
            for (int i = 0; i < arguments; i++) {
                values.add(call.argument(i, Kind.INTEGER, Kind.DECIMAL));
            }
            return StringFunctions.apply(function, type, values);
        });
    }

    private static Value number(Invocation call) {
        return call.single(Kind.INTEGER, Kind.DECIMAL);
    }
}
