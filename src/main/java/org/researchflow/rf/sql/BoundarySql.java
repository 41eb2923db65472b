package org.researchflow.rf.sql;

import java.util.Optional;
import org.researchflow.rf.plan.Type;

/**
 * The least and the greatest value that a value of limited precision may stand for.
 *
 * @see <a href="https://hl7.org/fhirpath/#lowboundaryprecision-integer-decimal--date--datetime--time">FHIRPath, boundary
 *     functions</a>
 */
final class BoundarySql {

    /** PostgreSQL could do more places, the specification asks for no more. */
    private static final int MOST_PLACES = 28;

    private static final int FULL_LENGTH = "2020-01-01T00:00:00.000".length();

    private BoundarySql() {}

    static Term sql(Term value, Type type, boolean high, Optional<Integer> precision) {
        return switch (type.kind()) {
            case DATE -> precision.map(p -> dateOf(value, high, p)).orElse(date(value, high));
            case DATE_TIME -> precision.map(p -> dateTimeOf(value, high, p)).orElse(dateTime(value, high));
            case TIME -> precision.map(p -> timeOf(value, high, p)).orElse(time(value, high));
            default -> precision.map(p -> numberOf(value, high, p)).orElse(number(value, high));
        };
    }

    /** The first or last day that a date or dateTime of any precision can mean, in its own time zone, as written. */
    static Term date(Term text, boolean high) {
        return high
                ? Term.template(
                        "case length(%1$s) when 7 then to_char(" + lastOfMonth("%1$s") + ", 'YYYY-MM-DD')"
                                + " else overlay('YYYY-12-31' placing %1$s from 1) end",
                        text)
                : Term.template("overlay('YYYY-01-01' placing %s from 1)", text);
    }

    /** The same as a date of SQL's; a dateTime's clock and zone are left aside. */
    static Term day(Term text, Type type, boolean high) {
        Term day = type.name().equals("date") ? text : Term.call("left", text, Term.atom("10"));
        if (!high) {
            return date(day, false).cast("date");
        }
        return Term.choiceOf(
                Term.call("length", text),
                Term.branch(
                        Term.atom("4"), Term.operation("%s || '-12-31'", text).cast("date")),
                Term.branch(
                        Term.atom("7"), Term.template(lastOfMonth("%s"), text).cast("date")),
                "else " + day.cast("date"));
    }

    private static String lastOfMonth(String month) {
        return "((" + month + " || '-01')::date + interval '1 month - 1 day')";
    }

    private static Term dateTime(Term text, boolean high) {
        String zone = high ? "-12:00" : "+14:00";
        return Term.template(
                "case when length(%1$s) < 11 then %2$s || '" + clock(high) + zone + "' else " + moment(high)
                        + " || coalesce(substring(%1$s from '(?:Z|[+-][0-9]{2}:[0-9]{2})$'), '" + zone + "') end",
                text,
                date(text, high));
    }

    private static String clock(boolean high) {
        return high ? "T23:59:59.999" : "T00:00:00.000";
    }

    /** A date with a time of day, without its zone, down to the millisecond. */
    private static String moment(boolean high) {
        return filled("regexp_replace(%1$s, '(Z|[+-][0-9]{2}:[0-9]{2})$', '')", "YYYY-MM-DD" + clock(high));
    }

    private static String filled(String text, String pattern) {
        return "left(" + text + " || substr('" + pattern + "', length(" + text + ") + 1), " + pattern.length() + ")";
    }

    private static Term time(Term text, boolean high) {
        return Term.template(filled("%1$s", clock(high).substring(1)), text);
    }

    /** Half a unit of the last written digit to either side. */
    private static Term number(Term number, boolean high) {
        return Term.template("(%1$s " + (high ? "+" : "-") + " ('5e-' || (scale(%1$s) + 1))::numeric)", number);
    }

    private static Term numberOf(Term number, boolean high, int places) {
        if (places < 0 || places > MOST_PLACES) {
            return Term.nothing("numeric");
        }
        String scaled = "round(" + (high ? "ceiling" : "floor") + "(%1$s * 1e" + places + ") / 1e" + places + ", "
                + places + ")";
        return Term.template(scaled, number(number, high));
    }

    private static Term dateOf(Term text, boolean high, int digits) {
        int length = dateLength(digits);
        return length == 0 ? Term.nothing("text") : Term.template("left(%s, " + length + ")", date(text, high));
    }

    private static Term dateTimeOf(Term text, boolean high, int digits) {
        if (digits <= 8) {
            return dateOf(text, high, digits);
        }
        int length = switch (digits) {
            case 10 -> "2020-01-01T00".length();
            case 12 -> "2020-01-01T00:00".length();
            case 14 -> "2020-01-01T00:00:00".length();
            case 17 -> FULL_LENGTH;
            default -> 0;
        };
        return length == 0
                ? Term.nothing("text")
                : Term.operation(
                        "left(%1$s, " + length + ") || substr(%1$s, " + (FULL_LENGTH + 1) + ")", dateTime(text, high));
    }

    private static int dateLength(int digits) {
        return switch (digits) {
            case 4 -> "2020".length();
            case 6 -> "2020-01".length();
            case 8 -> "2020-01-01".length();
            default -> 0;
        };
    }

    private static Term timeOf(Term text, boolean high, int digits) {
        int length = switch (digits) {
            case 2 -> "10".length();
            case 4 -> "10:30".length();
            case 6 -> "10:30:00".length();
            case 9 -> "10:30:00.000".length();
            default -> 0;
        };
        return length == 0 ? Term.nothing("text") : Term.template("left(%s, " + length + ")", time(text, high));
    }
}
