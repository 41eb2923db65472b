package org.researchflow.rf.plan;

import java.util.List;
import java.util.function.Function;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Value.Absent;
import org.researchflow.rf.plan.Value.Apply;
import org.researchflow.rf.plan.Value.Conditional;
import org.researchflow.rf.plan.Value.Exists;

/**
 * The functions that convert a value into another type; empty when it cannot be converted.
 *
 * @see <a href="https://hl7.org/fhirpath/N1/#conversion">FHIRPath, conversion</a>
 */
final class ConversionFunctions {

    private ConversionFunctions() {}

    static void addTo(Functions table) {
        add(table, "String", ConversionFunctions::text);
        add(table, "Boolean", ConversionFunctions::bool);
        add(table, "Integer", ConversionFunctions::integer);
        add(table, "Decimal", ConversionFunctions::decimal);
        add(table, "Date", ConversionFunctions::date);
        add(table, "DateTime", ConversionFunctions::dateTime);
        add(table, "Time", ConversionFunctions::time);
        add(table, "Quantity", ConversionFunctions::quantity);
    }

    private static void add(Functions table, String type, Function<Value, Value> conversion) {
        table.add("to" + type, call -> call.converted(conversion));
        table.add("convertsTo" + type, call -> {
            Value value = Collections.only(call.input(), "the input of " + call.name());
            Items converted = call.converted(conversion);
            return new One(
                    new Conditional(new Exists(new One(value)), new Exists(converted), new Absent(Type.BOOLEAN)));
        });
    }

    private static Value apply(Scalar function, Type type, Value value) {
        return new Apply(function, List.of(value), type);
    }

    /** The value under another type: its text is the same. */
    private static Value as(Type type, Value value) {
        return apply(Scalar.VALUE, type, value);
    }

    private static Value text(Value value) {
        return switch (value.type().kind()) {
            case BOOLEAN, INTEGER, DECIMAL -> apply(Scalar.TEXT, Type.STRING, value);
            case STRING, DATE, DATE_TIME, TIME -> as(Type.STRING, value);
            case QUANTITY -> apply(Scalar.QUANTITY_TEXT, Type.STRING, value);
            case COMPLEX -> new Absent(Type.STRING);
        };
    }

    private static Value bool(Value value) {
        return switch (value.type().kind()) {
            case BOOLEAN -> value;
            case INTEGER, DECIMAL -> apply(Scalar.NUMBER_TO_BOOLEAN, Type.BOOLEAN, value);
            case STRING -> apply(Scalar.TEXT_TO_BOOLEAN, Type.BOOLEAN, value);
            case DATE, DATE_TIME, TIME, QUANTITY, COMPLEX -> new Absent(Type.BOOLEAN);
        };
    }

    private static Value integer(Value value) {
        return switch (value.type().kind()) {
            case BOOLEAN -> apply(Scalar.BOOLEAN_TO_NUMBER, Type.INTEGER, value);
            case INTEGER -> value;
            case DECIMAL -> apply(Scalar.NUMBER_TO_INTEGER, Type.INTEGER, value);
            case STRING -> apply(Scalar.TEXT_TO_INTEGER, Type.INTEGER, value);
            case DATE, DATE_TIME, TIME, QUANTITY, COMPLEX -> new Absent(Type.INTEGER);
        };
    }

    private static Value decimal(Value value) {
        return switch (value.type().kind()) {
            case BOOLEAN -> apply(Scalar.BOOLEAN_TO_NUMBER, Type.DECIMAL, value);
            case INTEGER, DECIMAL -> as(Type.DECIMAL, value);
            case STRING -> apply(Scalar.TEXT_TO_DECIMAL, Type.DECIMAL, value);
            case DATE, DATE_TIME, TIME, QUANTITY, COMPLEX -> new Absent(Type.DECIMAL);
        };
    }

    private static Value date(Value value) {
        return switch (value.type().kind()) {
            case DATE -> value;
            case DATE_TIME, STRING -> apply(Scalar.TEXT_TO_DATE, Type.DATE, value);
            case BOOLEAN, INTEGER, DECIMAL, TIME, QUANTITY, COMPLEX -> new Absent(Type.DATE);
        };
    }

    private static Value dateTime(Value value) {
        return switch (value.type().kind()) {
            case DATE_TIME -> value;
            case DATE -> as(Type.DATE_TIME, value);
            case STRING -> apply(Scalar.TEXT_TO_DATE_TIME, Type.DATE_TIME, value);
            case BOOLEAN, INTEGER, DECIMAL, TIME, QUANTITY, COMPLEX -> new Absent(Type.DATE_TIME);
        };
    }

    private static Value time(Value value) {
        return switch (value.type().kind()) {
            case TIME -> value;
            case STRING -> apply(Scalar.TEXT_TO_TIME, Type.TIME, value);
            case BOOLEAN, INTEGER, DECIMAL, DATE, DATE_TIME, QUANTITY, COMPLEX -> new Absent(Type.TIME);
        };
    }

    private static Value quantity(Value value) {
        return switch (value.type().kind()) {
            case QUANTITY -> value;
            case INTEGER, DECIMAL -> apply(Scalar.NUMBER_TO_QUANTITY, Type.QUANTITY, value);
            case STRING -> apply(Scalar.TEXT_TO_QUANTITY, Type.QUANTITY, value);
            case BOOLEAN, DATE, DATE_TIME, TIME, COMPLEX -> new Absent(Type.QUANTITY);
        };
    }
}
