package org.researchflow.rf.plan;

import java.util.List;
import org.researchflow.rf.fhir.ElementTable;

/**
 * The type of a value, as far as the compiler needs to know it.
 *
 * @param name FHIR's name: {@code code}, {@code Patient.contact}, {@code Quantity}
 * @param kind how its values compare, convert and are stored
 */
public record Type(String name, Kind kind) {

    public static final Type BOOLEAN = new Type("boolean", Kind.BOOLEAN);
    public static final Type INTEGER = new Type("integer", Kind.INTEGER);
    public static final Type DECIMAL = new Type("decimal", Kind.DECIMAL);
    public static final Type STRING = new Type("string", Kind.STRING);
    public static final Type DATE = new Type("date", Kind.DATE);
    public static final Type DATE_TIME = new Type("dateTime", Kind.DATE_TIME);
    public static final Type TIME = new Type("time", Kind.TIME);

    public static final Type QUANTITY = new Type("Quantity", Kind.QUANTITY);

    /** Nothing is known of it but that it is JSON. */
    public static final Type ANY = new Type("Element", Kind.COMPLEX);

    /** How values compare, convert and are stored. */
    public enum Kind {
        BOOLEAN,
        INTEGER,
        DECIMAL,
        STRING,
        DATE,
        DATE_TIME,
        TIME,
        QUANTITY,
        COMPLEX;

        public boolean isNumber() {
            return this == INTEGER || this == DECIMAL;
        }

        public boolean isCalendar() {
            return this == DATE || this == DATE_TIME;
        }
    }

    /** The type that values of several types share: their own, or the general one of their kind. */
    static Type common(List<Value> values) {
        List<Type> types = values.stream()
                .filter(value -> !(value instanceof Value.Absent))
                .map(Value::type)
                .toList();
        return types.isEmpty() && !values.isEmpty() ? values.getFirst().type() : commonType(types);
    }

    static Type commonType(List<Type> types) {
        List<Type> different = types.stream().distinct().toList();
        List<Kind> kinds = types.stream().map(Type::kind).distinct().toList();
        if (different.size() == 1) {
            return different.getFirst();
        }
        if (kinds.size() == 1) {
            return general(kinds.getFirst());
        }
        if (kinds.isEmpty()) {
            return ANY;
        }
        return kinds.stream().allMatch(Kind::isNumber) ? DECIMAL : ANY;
    }

    private static Type general(Kind kind) {
        return switch (kind) {
            case BOOLEAN -> BOOLEAN;
            case INTEGER -> INTEGER;
            case DECIMAL -> DECIMAL;
            case STRING -> STRING;
            case DATE -> DATE;
            case DATE_TIME -> DATE_TIME;
            case TIME -> TIME;
            case QUANTITY -> QUANTITY;
            case COMPLEX -> ANY;
        };
    }

    static Type of(String name, ElementTable table) {
        return new Type(name, kind(name, table));
    }

    private static Kind kind(String name, ElementTable table) {
        return switch (name) {
            case "boolean" -> Kind.BOOLEAN;
            case "integer", "integer64", "positiveInt", "unsignedInt" -> Kind.INTEGER;
            case "decimal" -> Kind.DECIMAL;
            case "date" -> Kind.DATE;
            case "dateTime", "instant" -> Kind.DATE_TIME;
            case "time" -> Kind.TIME;
            default -> {
                if (table.isPrimitive(name) || name.equals("xhtml")) {
                    yield Kind.STRING;
                }
                yield table.isA(name, "Quantity") ? Kind.QUANTITY : Kind.COMPLEX;
            }
        };
    }
}
