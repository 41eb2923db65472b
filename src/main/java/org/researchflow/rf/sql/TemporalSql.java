package org.researchflow.rf.sql;

import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Comparator;

/**
 * Dates and times in SQL. They stay text, as FHIR writes them, since they may be partial; nothing here depends on the
 * session's time zone or date style.
 *
 * @see <a href="https://hl7.org/fhirpath/N1/#comparison">FHIRPath, comparison and equality of dates</a>
 * @see <a href="https://hl7.org/fhirpath/#boundary-functions">FHIRPath, boundary functions</a>
 */
final class TemporalSql {

    private TemporalSql() {}

    /**
     * Compares two dates or times of the same kind. Where one is written less precisely and they agree as far as it
     * goes, the result is unknown.
     */
    static String compare(Comparator comparator, String left, Type leftType, String right, Type rightType) {
        String a = comparable(left, leftType);
        String b = comparable(right, rightType);
        String unknown = "starts_with(" + a + ", " + b + ") or starts_with(" + b + ", " + a + ")";
        boolean whenSame = comparator == Comparator.EQUAL
                || comparator == Comparator.LESS_OR_EQUAL
                || comparator == Comparator.GREATER_OR_EQUAL;
        String otherwise = switch (comparator) {
            case EQUAL -> "false";
            case NOT_EQUAL -> "true";
            case LESS, LESS_OR_EQUAL -> a + " < " + b + " collate \"C\"";
            case GREATER, GREATER_OR_EQUAL -> a + " > " + b + " collate \"C\"";
        };
        return "case when " + a + " = " + b + " then " + whenSame + " when " + unknown + " then null when " + a
                + " is not null and " + b + " is not null then " + otherwise + " end";
    }

    /** A text that sorts as the moment does, as long as it is precise. */
    private static String comparable(String text, Type type) {
        return switch (type.kind()) {
            case DATE -> text;
            case TIME ->
                "case when length(" + text + ") < 8 then " + text + " else to_char((" + text
                        + ")::time, 'HH24:MI:SS.US') end";
            default ->
                "case when length(" + text + ") < 11 then " + text + " else to_char(" + instant(text)
                        + " at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US') end";
        };
    }

    /** A dateTime with a time of day as a {@code timestamptz}; without an offset it is read as UTC. */
    static String instant(String text) {
        return "(case when " + text + " ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' then " + text + " else " + text
                + " || 'Z' end)::timestamptz";
    }

    static String boundary(String text, Type type, boolean high) {
        return switch (type.kind()) {
            case DATE -> dateBoundary(text, high);
            case TIME -> timeBoundary(text, high);
            case DECIMAL -> decimalBoundary(text, high);
            default -> dateTimeBoundary(text, high);
        };
    }

    /** The first or last day that a date or dateTime of any precision can mean, in its own time zone. */
    static String dateBoundary(String text, boolean high) {
        String month = high
                ? "to_char((" + text + " || '-01')::date + interval '1 month - 1 day', 'YYYY-MM-DD')"
                : text + " || '-01'";
        String year = text + (high ? " || '-12-31'" : " || '-01-01'");
        return "case length(" + text + ") when 10 then " + text + " when 7 then " + month + " when 4 then " + year
                + " end";
    }

    private static String dateTimeBoundary(String text, boolean high) {
        String clock = high ? "T23:59:59.999" : "T00:00:00.000";
        String zone = high ? "-12:00" : "+14:00";
        String day = "(" + dateBoundary(text, high) + ") || '" + clock + zone + "'";
        String fraction =
                "rpad(coalesce(substring(" + text + " from '\\.[0-9]{1,3}'), '.'), 4, '" + (high ? "9" : "0") + "')";
        String written = "substring(" + text + " from '(?:Z|[+-][0-9]{2}:[0-9]{2})$')";
        return "case when length(" + text + ") < 11 then " + day + " else left(" + text + ", 19) || " + fraction
                + " || coalesce(" + written + ", '" + zone + "') end";
    }

    private static String timeBoundary(String text, boolean high) {
        String fill = high ? "59:59.999" : "00:00.000";
        return "case when length(" + text + ") < 8 then " + text + " || right(':" + fill + "', 12 - length(" + text
                + ")) else rpad(case when length(" + text + ") = 8 then " + text + " || '.' else " + text
                + " end, 12, '" + (high ? "9" : "0") + "') end";
    }

    /** Half a unit of the last written digit to either side. */
    private static String decimalBoundary(String number, boolean high) {
        return number + (high ? " + " : " - ") + "('5e-' || (scale(" + number + ") + 1))::numeric";
    }

    static boolean isTemporal(Type type) {
        return type.kind().isCalendar() || type.kind() == Kind.TIME;
    }
}
