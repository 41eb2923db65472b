package org.researchflow.rf.plan;

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
