package org.researchflow.rf.cohort;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.Failure;

/**
 * Days from one to another, both included; a side that is left out is open.
 *
 * @param from the first day
 * @param to the last day
 * @param text as it was asked for
 */
public record DateRange(Optional<LocalDate> from, Optional<LocalDate> to, String text) {

    private static final String DATE = "[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?";
    private static final Pattern RANGE = Pattern.compile("(?<from>" + DATE + ")?\\.\\.(?<to>" + DATE + ")?");
    private static final Pattern BOUND = Pattern.compile("(?<operator><=|>=|<|>)?\\s*(?<date>" + DATE + ")");

    /**
     * Reads {@code 1980}, {@code 1980-05..1989}, {@code ..1989-12-31}, {@code >=1980} or {@code <1980-05-01}: a partial
     * date means all its days.
     *
     * @param what it is said of, for a message
     * @throws Failure if it is none, or no day is in it
     */
    public static DateRange parse(String what, String text) {
        String plain = text.strip();
        try {
            Matcher range = RANGE.matcher(plain);
            Matcher bound = BOUND.matcher(plain);
            if (range.matches() && plain.length() > 2) {
                return checked(
                        what,
                        Optional.ofNullable(range.group("from")).map(DateRange::first),
                        Optional.ofNullable(range.group("to")).map(DateRange::last),
                        plain);
            }
            if (bound.matches()) {
                LocalDate first = first(bound.group("date"));
                LocalDate last = last(bound.group("date"));
                return switch (Optional.ofNullable(bound.group("operator")).orElse("")) {
                    case "<" -> new DateRange(Optional.empty(), Optional.of(first.minusDays(1)), plain);
                    case "<=" -> new DateRange(Optional.empty(), Optional.of(last), plain);
                    case ">" -> new DateRange(Optional.of(last.plusDays(1)), Optional.empty(), plain);
                    case ">=" -> new DateRange(Optional.of(first), Optional.empty(), plain);
                    default -> new DateRange(Optional.of(first), Optional.of(last), plain);
                };
            }
        } catch (DateTimeException e) {
            throw Failure.usage(what + ": no such day: \"" + Quoted.shown(text) + '"')
                    .causedBy(e);
        }
        throw Failure.usage(what + " takes dates, not \"" + Quoted.shown(text) + '"')
                .note("try", "1980-05-17, 1980, 1980..1989, 1980-05.., ..1989-12-31, >=1980 or <1980-05");
    }

    /** One date, which may be partial: its first day and its last. */
    public static DateRange ofOne(String what, String text) {
        String plain = text.strip();
        if (!plain.matches(DATE)) {
            throw Failure.usage(what + " takes a date, not \"" + Quoted.shown(text) + '"')
                    .note("try", "2015-05-17, 2015-05 or 2015");
        }
        return parse(what, plain);
    }

    private static DateRange checked(String what, Optional<LocalDate> from, Optional<LocalDate> to, String text) {
        if (from.isPresent() && to.isPresent() && from.get().isAfter(to.get())) {
            throw Failure.usage(what + ": no day is in " + text).note("try", "the earlier date first");
        }
        return new DateRange(from, to, text);
    }

    private static LocalDate first(String date) {
        return switch (date.length()) {
            case 4 -> day(date + "-01-01");
            case 7 -> day(date + "-01");
            default -> day(date);
        };
    }

    private static LocalDate last(String date) {
        return switch (date.length()) {
            case 4 -> day(date + "-12-31");
            case 7 -> day(date + "-01").plusMonths(1).minusDays(1);
            default -> day(date);
        };
    }

    private static LocalDate day(String date) {
        LocalDate day = LocalDate.parse(date);
        if (day.getYear() < 1) {
            throw new DateTimeException("FHIR has no year 0");
        }
        return day;
    }

    @Override
    public String toString() {
        return text;
    }
}
