package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Schedule;
import picocli.CommandLine.Option;

/** The options that say when views are to be refreshed. */
final class ScheduleFlags {

    @Option(
            names = "--refresh-interval",
            paramLabel = "TIME",
            description = "How old the view may be before it is stale: 30m, 1h; default is 24h again.")
    private @Nullable String interval;

    @Option(names = "--auto-refresh", description = "Let refresh-stale and watch refresh the view (the default).")
    private boolean automatic;

    @Option(names = "--no-auto-refresh", description = "Refresh the view only when it is named, or with refresh-all.")
    private boolean manual;

    boolean given() {
        return interval != null || automatic || manual;
    }

    /** What the options do to a schedule. */
    UnaryOperator<Schedule> change() {
        if (automatic && manual) {
            throw Failure.usage("--auto-refresh and --no-auto-refresh exclude each other");
        }
        @Nullable String text = interval;
        if (text == null) {
            return this::withAutomatic;
        }
        Optional<Duration> own =
                text.equals("default") ? Optional.empty() : Optional.of(TimeText.parse("--refresh-interval", text));
        if (own.isPresent() && own.get().toSeconds() < 1) {
            throw Failure.usage("--refresh-interval can be 1s or more, not " + text);
        }
        return schedule -> withAutomatic(schedule.withInterval(own));
    }

    private Schedule withAutomatic(Schedule schedule) {
        return automatic || manual ? schedule.withAutomatic(automatic) : schedule;
    }

    /** {@code every 1 h}, {@code every 24 h, only by hand} */
    static String inWords(Schedule schedule) {
        return "every " + Schedule.inWords(schedule.limit()) + (schedule.automatic() ? "" : ", only by hand");
    }
}
