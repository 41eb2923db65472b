package org.researchflow.rf.batch;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Whether the HAPI server's times are read in the right time zone, as far as that shows: none is in the future. */
public final class ServerZone {

    /** Clocks that are not set by each other differ by less. */
    private static final Duration SKEW = Duration.ofMinutes(10);

    /** Offsets are multiples of it. */
    private static final long QUARTER = Duration.ofMinutes(15).toSeconds();

    private ServerZone() {}

    /** Whether the newest resource is further ahead than two clocks differ by. */
    public static boolean isWrong(Duration ahead) {
        return ahead.compareTo(SKEW) > 0;
    }

    /** The offset in which the newest resource, so far ahead in a zone, was written now; empty where none is so large. */
    public static Optional<ZoneOffset> fitting(ZoneId zone, Duration ahead, Instant now) {
        long offset = zone.getRules().getOffset(now).getTotalSeconds() + ahead.toSeconds();
        long quarters = Math.round((double) offset / QUARTER);
        return Math.abs(quarters * QUARTER) <= ZoneOffset.MAX.getTotalSeconds()
                ? Optional.of(ZoneOffset.ofTotalSeconds((int) (quarters * QUARTER)))
                : Optional.empty();
    }
}
