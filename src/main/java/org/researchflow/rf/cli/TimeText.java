package org.researchflow.rf.cli;

import java.time.Duration;
import org.researchflow.rf.Failure;

/** Lengths of time as people type them: {@code 500ms}, {@code 30s}, {@code 10m}, {@code 24h}, {@code 7d}. */
final class TimeText {

    private TimeText() {}

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
}
