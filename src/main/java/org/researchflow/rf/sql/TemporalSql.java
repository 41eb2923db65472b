package org.researchflow.rf.sql;

import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Type.Kind;
import org.researchflow.rf.plan.Value.Comparator;

/**
 * Dates and times in SQL. They stay text, as FHIR writes them, since they may be partial; nothing here depends on the
 * session's time zone or date style.
 *
 * @see <a href="https://hl7.org/fhirpath/N1/#comparison">FHIRPath, comparison and equality of dates</a>
 */
final class TemporalSql {

    private static final String TO_HOUR = "YYYY-MM-DD\"T\"HH24";
    private static final String TO_MINUTE = TO_HOUR + ":MI";
    private static final String TO_FRACTION = TO_MINUTE + ":SS.US";

    private TemporalSql() {}

    static boolean isTemporal(Type type) {
        return type.kind().isCalendar() || type.kind() == Kind.TIME;
    }

    /**
     * Compares two keys. Where one is written less precisely and they agree as far as it goes, nothing is known: its
     * key is then how the other one begins.
     */
    static Term compare(Comparator comparator, Term left, Term right) {
        Term vague = Term.or(Term.call("starts_with", left, right), Term.call("starts_with", right, left));
        String whenSame = String.valueOf(comparator == Comparator.EQUAL
                || comparator == Comparator.LESS_OR_EQUAL
                || comparator == Comparator.GREATER_OR_EQUAL);
        Term otherwise = switch (comparator) {
            case EQUAL -> Term.atom("false");
            case NOT_EQUAL -> Term.atom("true");
            case LESS, LESS_OR_EQUAL -> ComparisonSql.plain(Comparator.LESS, left, right, Form.TEXT);
            case GREATER, GREATER_OR_EQUAL -> ComparisonSql.plain(Comparator.GREATER, left, right, Form.TEXT);
        };
        return Term.choice(
                Term.branch(Term.compare(left, "=", right), Term.atom(whenSame)), Term.branch(vague.not(), otherwise));
    }

    /** A text that sorts as the moment does, and that a less precise text of the same moment is the beginning of. */
    static Term key(Term text, Type type) {
        return switch (type.kind()) {
            case TIME ->
                Term.template(
                        "case when length(%1$s) < 8 then %1$s when length(%1$s) = 8 then %1$s || '.000000'"
                                + " else rpad(%1$s, 15, '0') end",
                        text);
            case DATE_TIME ->
                Term.atom("case when length(" + text + ") < 11 then " + text + " else to_char(" + instant(text)
                        + " at time zone 'UTC', case when "
                        + Term.template("substr(%s, 17, 1)", text) + " = ':' then '" + TO_FRACTION + "' else '"
                        + TO_MINUTE + "' end) end");
            default -> text;
        };
    }

    /** The key of a text that is known; unlike in data, the time of day may end with the hour. */
    static Term literalKey(String text, Type type) {
        int clock = text.indexOf('T');
        if (type.kind() != Kind.DATE_TIME || clock < 0) {
            return key(Term.text(text), type);
        }
        int zone = Math.max(text.indexOf('Z'), Math.max(text.indexOf('+'), text.indexOf('-', clock)));
        String local = zone < 0 ? text : text.substring(0, zone);
        String offset = zone < 0 ? "Z" : text.substring(zone);
        boolean hour = local.length() == clock + "T10".length();
        String format = hour ? TO_HOUR : local.length() == clock + "T10:30".length() ? TO_MINUTE : TO_FRACTION;
        return Term.atom("to_char('" + local + (hour ? ":00" : "") + offset + "'::timestamptz at time zone 'UTC', '"
                + format + "')");
    }

    /** A dateTime with a time of day as a {@code timestamptz}; without an offset it is read as UTC. */
    static Term instant(Term text) {
        return zoned(text).cast("timestamptz");
    }

    /** The same as text, with an offset whatever is written. */
    static Term zoned(Term text) {
        return Term.template("(case when %1$s ~ '(Z|[+-][0-9]{2}:[0-9]{2})$' then %1$s else %1$s || 'Z' end)", text);
    }
}
