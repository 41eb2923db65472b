package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.researchflow.rf.batch.Batch;

/** Whether the HAPI server's times are read in the right time zone, as far as that shows. */
final class ServerClock {

    /** Clocks that are not set by each other differ by less. */
    private static final Duration SKEW = Duration.ofMinutes(10);

    /** Offsets are multiples of it. */
    private static final long QUARTER = Duration.ofMinutes(15).toSeconds();

    private ServerClock() {}

    /** How far ahead it is, if that is more than two clocks differ by. */
    static Optional<Duration> ahead(Batch batch) {
        return batch.ahead().filter(ahead -> ahead.compareTo(SKEW) > 0);
    }

    static void warn(Invocation rf, Batch batch, Duration ahead) {
        Instant now = rf.clock().instant();
        long offset = batch.settings().serverZone().getRules().getOffset(now).getTotalSeconds() + ahead.toSeconds();
        long quarters = Math.round((double) offset / QUARTER);
        String more = Math.abs(quarters * QUARTER) <= ZoneOffset.MAX.getTotalSeconds()
                ? "try: --hapi-time-zone " + ZoneOffset.ofTotalSeconds((int) (quarters * QUARTER))
                        + ", or the zone's name if that is what the server runs in   (RF_HAPI_TIME_ZONE)"
                : "try: --hapi-time-zone, or RF_HAPI_TIME_ZONE";
        rf.messages()
                .warning(
                        "the newest resource was written " + Wording.roughly(ahead) + " in the future",
                        "why: HAPI writes times in its server's time zone, and rf reads them in "
                                + batch.settings().serverZone(),
                        more);
    }
}
