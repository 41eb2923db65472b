package org.researchflow.rf.view;

import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.fhirpath.Expression.Literal;
import org.researchflow.rf.fhirpath.Expression.LiteralKind;
import org.researchflow.rf.fhirpath.FhirPathParser;
import org.researchflow.rf.fhirpath.FhirPathSyntaxException;
import org.researchflow.rf.view.Json.JsonBoolean;
import org.researchflow.rf.view.Json.JsonNumber;
import org.researchflow.rf.view.Json.JsonString;

/**
 * A ViewDefinition's constant, {@code %name} in its paths.
 *
 * @param name the name without the percent sign
 * @param type the FHIR type its {@code value[x]} names: {@code string}, {@code dateTime}, …
 * @param value the value as written: a number keeps its digits
 */
public record Constant(String name, String type, String value) {

    private static final BigInteger MOST = BigInteger.valueOf(Integer.MAX_VALUE);

    /** The text of a value of the type; empty if it is none: SQL is made of it, and must get nothing else. */
    static Optional<String> text(String type, Json value) {
        return switch (type) {
            case "boolean" -> value instanceof JsonBoolean(boolean b, int _) ? Optional.of("" + b) : Optional.empty();
            case "decimal" ->
                value instanceof JsonNumber(String digits, int _) ? Optional.of(digits) : Optional.empty();
            case "integer" -> whole(value, MOST.negate().subtract(BigInteger.ONE), MOST);
            case "positiveInt" -> whole(value, BigInteger.ONE, MOST);
            case "unsignedInt" -> whole(value, BigInteger.ZERO, MOST);
            // JSON's own numbers are not safe beyond 53 bits, so that FHIR writes these as strings.
            case "integer64" ->
                whole(
                        value instanceof JsonString(String digits, int at) ? new JsonNumber(digits, at) : value,
                        BigInteger.valueOf(Long.MIN_VALUE),
                        BigInteger.valueOf(Long.MAX_VALUE));
            case "date" -> literal("@", value, Set.of(LiteralKind.DATE));
            case "dateTime" -> literal("@", value, Set.of(LiteralKind.DATE, LiteralKind.DATE_TIME));
            case "instant" -> literal("@", value, Set.of(LiteralKind.DATE_TIME));
            case "time" -> literal("@T", value, Set.of(LiteralKind.TIME));
            default ->
                value instanceof JsonString(String text, int _) && text.indexOf('\0') < 0
                        ? Optional.of(text)
                        : Optional.empty();
        };
    }

    private static Optional<String> whole(Json value, BigInteger least, BigInteger most) {
        if (!(value instanceof JsonNumber(String digits, int _)) || !digits.matches("-?[0-9]{1,19}")) {
            return Optional.empty();
        }
        BigInteger number = new BigInteger(digits);
        return number.compareTo(least) < 0 || number.compareTo(most) > 0 ? Optional.empty() : Optional.of(digits);
    }

    /** A date or time is what FHIRPath would read as a literal. */
    private static Optional<String> literal(String mark, Json value, Set<LiteralKind> kinds) {
        if (!(value instanceof JsonString(String text, int _)) || text.endsWith("T")) {
            return Optional.empty();
        }
        try {
            return FhirPathParser.parse(mark + text) instanceof Literal(LiteralKind kind, String read, var _)
                            && kinds.contains(kind)
                            && read.equals(text)
                    ? Optional.of(read)
                    : Optional.empty();
        } catch (FhirPathSyntaxException e) {
            return Optional.empty();
        }
    }
}
