package org.researchflow.rf.acceptance;

import java.time.LocalDate;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/** The days that a FHIR date, as written, can mean. */
record Days(LocalDate first, LocalDate last) {

    static @Nullable Days of(@Nullable String written) {
        if (written == null) {
            return null;
        }
        return switch (written.length()) {
            case 4 -> new Days(LocalDate.parse(written + "-01-01"), LocalDate.parse(written + "-12-31"));
            case 7 ->
                new Days(
                        LocalDate.parse(written + "-01"),
                        YearMonth.parse(written).atEndOfMonth());
            default -> {
                LocalDate day = LocalDate.parse(written.substring(0, 10));
                yield new Days(day, day);
            }
        };
    }

    /** Whether a day that is known, partly known or unknown lies between two others. */
    static Truth within(@Nullable Days days, LocalDate from, LocalDate to) {
        if (days == null) {
            return Truth.OPEN;
        }
        return Truth.of(
                !days.first.isBefore(from) && !days.last.isAfter(to),
                !days.last.isBefore(from) && !days.first.isAfter(to));
    }
}
