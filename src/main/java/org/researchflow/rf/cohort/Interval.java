package org.researchflow.rf.cohort;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * Numbers from one to another.
 *
 * @param low the lower end, if there is one
 * @param lowIncluded whether it belongs to them
 * @param high the upper end, if there is one
 * @param highIncluded whether it belongs to them
 * @param text as a person writes it
 */
public record Interval(
        Optional<BigDecimal> low, boolean lowIncluded, Optional<BigDecimal> high, boolean highIncluded, String text) {

    static Interval between(BigDecimal low, BigDecimal high) {
        return new Interval(
                Optional.of(low),
                true,
                Optional.of(high),
                true,
                " = " + low.toPlainString() + ".." + high.toPlainString());
    }

    /** What compares with a number by {@code >}, {@code >=}, {@code <}, {@code <=} or {@code =}. */
    static Interval of(String operator, BigDecimal number) {
        boolean above = operator.startsWith(">");
        boolean below = operator.startsWith("<");
        boolean included = operator.endsWith("=");
        return new Interval(
                below ? Optional.empty() : Optional.of(number),
                included,
                above ? Optional.empty() : Optional.of(number),
                included,
                " " + operator + " " + number.toPlainString());
    }

    @Override
    public String toString() {
        return text;
    }
}
