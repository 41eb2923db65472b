package org.researchflow.rf.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigValue;

/** Lengths of time as people type them: {@code 500ms}, {@code 30s}, {@code 10m}, {@code 24h}, {@code 7d}. */
final class TimeText {

    private TimeText() {}

    /** A moment: a date (its beginning in UTC), a time with an offset, or a length of time ago. */
    static Instant moment(String option, String text, Clock clock) {
        if (!text.matches("[0-9]{4}-.*")) {
            return clock.instant().minus(parse(option, text));
        }
        try {
            return text.length() == "2026-11-20".length()
                    ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                    : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw Failure.usage(option + " is not a moment: " + text)
                    .note("try", "2026-11-20, 2026-11-20T05:00:00Z, or a time ago such as 24h")
                    .causedBy(e);
        }
    }

    static Duration of(ConfigValue value) {
        return parse(value.origin(), value.text());
    }

    static Duration parse(String option, String text) {
        if (!text.matches("[0-9]{1,6}(ms|s|m|h|d)")) {
            throw Failure.usage(option + " is not a time: " + text).note("try", "a time such as 30s, 10m or 1h");
        }
        long number = Long.parseLong(text.replaceAll("[a-z]", ""));
        return switch (text.replaceAll("[0-9]", "")) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            default -> Duration.ofDays(number);
        };
    }

    /** As {@link #parse} reads it: {@code 5m}, {@code 90s}. */
    static String brief(Duration time) {
        long seconds = time.toSeconds();
        return seconds % 3600 == 0 && seconds > 0
                ? seconds / 3600 + "h"
                : seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
