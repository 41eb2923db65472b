package org.researchflow.rf.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How numbers, sizes and times read: {@code 4 714}, {@code 48 kB}, {@code 2 min ago} for a person at a terminal, exact
 * for whatever reads a pipe.
 *
 * @param exact whether a program may be reading
 * @param clock now, and the zone of the person
 */
public record Wording(boolean exact, Clock clock) {

    private static final List<String> UNITS = List.of("bytes", "kB", "MB", "GB", "TB", "PB");
    private static final DateTimeFormatter LOCAL_TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);
    private static final DateTimeFormatter LOCAL_DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    public String count(long number) {
        if (exact) {
            return Long.toString(number);
        }
        return String.format(Locale.ROOT, "%,d", number).replace(',', ' ');
    }

    /** As PostgreSQL's {@code pg_size_pretty}: the next unit from 10,240 on. */
    public String size(long bytes) {
        if (exact) {
            return Long.toString(bytes);
        }
        double amount = bytes;
        int unit = 0;
        while (Math.abs(amount) >= 10_240 && unit + 1 < UNITS.size()) {
            amount /= 1024;
            unit++;
        }
        return count(Math.round(amount)) + " " + UNITS.get(unit);
    }

    public String age(Instant time) {
        if (exact) {
            return time.toString();
        }
        long seconds = Math.max(0, Duration.between(time, clock.instant()).toSeconds());
        if (seconds < 60) {
            return seconds + " s ago";
        }
        if (seconds < 3600) {
            return seconds / 60 + " min ago";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h ago" : seconds / 86_400 + " days ago";
    }

    /** {@code 02:15} today, with its date on other days. */
    public String time(Instant time) {
        if (exact) {
            return time.toString();
        }
        ZonedDateTime local = time.atZone(clock.getZone());
        boolean today = local.toLocalDate()
                .equals(clock.instant().atZone(clock.getZone()).toLocalDate());
        return (today ? LOCAL_TIME : LOCAL_DATE).format(local);
    }

    /** {@code 0.1 s}, {@code 6.8 ms}: the same for both kinds of readers. */
    public String duration(Duration duration) {
        BigDecimal milliseconds = BigDecimal.valueOf(duration.toNanos()).movePointLeft(6);
        return milliseconds.compareTo(BigDecimal.valueOf(100)) < 0
                ? milliseconds.setScale(1, RoundingMode.HALF_UP) + " ms"
                : seconds(duration) + " s";
    }

    /** {@code 45 s}, {@code 90 min}, {@code 25 h}, {@code 3 days} */
    static String roughly(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds < 120
                ? seconds + " s"
                : seconds < 7200
                        ? seconds / 60 + " min"
                        : seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86_400 + " days";
    }

    /** {@code 304.1} */
    static String seconds(Duration duration) {
        return BigDecimal.valueOf(duration.toMillis())
                .movePointLeft(3)
                .setScale(1, RoundingMode.HALF_UP)
                .toPlainString();
    }

    /** A value of a column as one line of text. */
    String value(@Nullable Object value, Field.Shape shape) {
        return switch (value) {
            case null -> "";
            case Number number when shape == Field.Shape.COUNT -> count(number.longValue());
            case Number number when shape == Field.Shape.SIZE -> size(number.longValue());
            case Instant time when shape == Field.Shape.AGE -> age(time);
            case BigDecimal number -> number.toPlainString();
            case Collection<?> values -> JsonText.of(values);
            case Map<?, ?> values -> JsonText.of(values);
            default -> value.toString();
        };
    }
}
