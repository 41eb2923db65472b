package org.researchflow.rf.cohort;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.Finding.OfValue;

/** Reads a code with what is asked of its value. */
public final class ValueParser {

    private static final Pattern LAB =
            Pattern.compile("(?<code><{0,2}[^<>=]+)(?:(?<operator><=|>=|<|>|=)(?<value>.*))?", Pattern.DOTALL);
    private static final String DIGITS = "[+-]?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]{1,2})?";
    private static final Pattern NUMBER = Pattern.compile("(?<low>" + DIGITS + ")(?:\\s*\\.\\.\\s*(?<high>" + DIGITS
            + "))?(?<unit>\\s*[^0-9.\\s|-][^|]*|\\s+[^|\\s][^|]*)?");
    private static final int MOST_DIGITS = 40;

    private ValueParser() {}

    /**
     * Reads {@code CODE}, {@code CODE>6.5 %}, {@code CODE=5..7 mmol/L} or {@code CODE=positive}.
     *
     * @throws Failure if it is none of these
     */
    public static OfValue parse(String text) {
        Matcher lab = LAB.matcher(text.strip());
        if (!lab.matches()) {
            throw notAValue(text);
        }
        Code code = Code.parse(lab.group("code"));
        String operator = lab.group("operator");
        if (operator == null) {
            return new OfValue(code, Optional.empty());
        }
        return new OfValue(
                code, Optional.of(value(text, operator, lab.group("value").strip())));
    }

    private static ValueTest value(String text, String operator, String value) {
        Matcher number = NUMBER.matcher(value);
        if (number.matches() && isShort(number.group("low")) && isShort(number.group("high"))) {
            BigDecimal low = new BigDecimal(number.group("low"));
            Optional<String> unit =
                    Optional.ofNullable(number.group("unit")).map(String::strip).filter(u -> !u.isEmpty());
            if (number.group("high") != null) {
                BigDecimal high = new BigDecimal(number.group("high"));
                if (!operator.equals("=") || low.compareTo(high) > 0) {
                    throw notAValue(text);
                }
                return new ValueTest.Within(Interval.between(low, high), unit);
            }
            Interval interval = Interval.of(operator, low);
            return operator.equals("=") && unit.isEmpty()
                    ? new ValueTest.NumberOrCode(interval, Code.parse(value))
                    : new ValueTest.Within(interval, unit);
        }
        if (!operator.equals("=") || value.isEmpty()) {
            throw notAValue(text);
        }
        Code coded = Code.parse(value);
        if (coded.reach() != Reach.ITSELF) {
            throw notAValue(text).note("why", "the code of a value stands for itself, not for those below it");
        }
        return new ValueTest.Coded(coded);
    }

    /** What people measure, and PostgreSQL counts with, has fewer. */
    private static boolean isShort(@Nullable String number) {
        return number == null || number.length() <= MOST_DIGITS;
    }

    private static Failure notAValue(String text) {
        return Failure.usage("not a code with a value: \"" + Quoted.shown(text) + '"')
                .note("try", "'4548-4>6.5 %', '4548-4=5..7', 'loinc|4548-4<=6.5' or '5778-6=positive'")
                .note("try", "comparators: > >= < <= =");
    }
}
