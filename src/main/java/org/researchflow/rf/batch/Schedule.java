package org.researchflow.rf.batch;

import java.time.Duration;
import java.util.Optional;

/**
 * When a view is to be refreshed.
 *
 * @param interval its own longest age; {@link #STANDARD} where it has none
 * @param automatic whether it is refreshed when it is due, or only when somebody names it or all views
 */
public record Schedule(Optional<Duration> interval, boolean automatic) {

    /** How old a view without an interval of its own may be. */
    public static final Duration STANDARD = Duration.ofHours(24);

    /** A view's schedule before and after it was set. */
    public record Change(String view, Schedule before, Schedule after) {}

    /** The age from which on the view is stale. */
    public Duration limit() {
        return interval.orElse(STANDARD);
    }

    public Schedule withInterval(Optional<Duration> own) {
        return new Schedule(own, automatic);
    }

    public Schedule withAutomatic(boolean wanted) {
        return new Schedule(interval, wanted);
    }

    /** {@code 24 h}, {@code 90 min}, {@code 30 s} */
    public static String inWords(Duration duration) {
        long seconds = duration.toSeconds();
        return seconds % 3600 == 0 ? seconds / 3600 + " h" : seconds % 60 == 0 ? seconds / 60 + " min" : seconds + " s";
    }
}
