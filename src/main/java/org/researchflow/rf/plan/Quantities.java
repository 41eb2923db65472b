package org.researchflow.rf.plan;

import java.util.Map;
import org.researchflow.rf.fhirpath.Expression.QuantityLiteral;
import org.researchflow.rf.plan.Value.Literal;

/** FHIRPath's quantity literals as the JSON of a FHIR Quantity. */
final class Quantities {

    /** Units of time by their English names; a calendar's months and years have no equal in UCUM. */
    private static final Map<String, String> UCUM =
            Map.of("week", "wk", "day", "d", "hour", "h", "minute", "min", "second", "s", "millisecond", "ms");

    private Quantities() {}

    static Literal literal(QuantityLiteral quantity) {
        String unit = quantity.unit();
        for (int i = 0; i < unit.length(); i++) {
            // UCUM is printable ASCII, and what JSON would have to escape is none of it but the quote.
            if (unit.charAt(i) < ' ' || unit.charAt(i) > '~' || unit.charAt(i) == '"' || unit.charAt(i) == '\\') {
                throw Rejection.of(quantity.span(), "not a unit", "expected a UCUM code such as 'mg'");
            }
        }
        return new Literal(Type.QUANTITY, "{\"value\": " + quantity.value() + ", \"code\": \"" + code(unit) + "\"}");
    }

    private static String code(String unit) {
        String singular = unit.endsWith("s") && unit.length() > 2 ? unit.substring(0, unit.length() - 1) : unit;
        return UCUM.getOrDefault(singular, singular.equals("year") || singular.equals("month") ? singular : unit);
    }
}
