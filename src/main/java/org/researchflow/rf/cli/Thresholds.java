package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.Schedule;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.config.Configuration;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say from when on a view deserves a warning. */
final class Thresholds {

    @Mixin
    private StalenessFlag staleness = new StalenessFlag();

    @Option(
            names = "--max-duration",
            paramLabel = "TIME",
            description = "Warn of a refresh that took longer (RF_MAX_DURATION; default: 5s).")
    private @Nullable String maxDuration;

    @Option(
            names = "--max-size",
            paramLabel = "MB",
            description = "Warn of a view larger than so many megabytes (RF_MAX_SIZE; default: 50).")
    private @Nullable String maxSize;

    /**
     * The limits themselves.
     *
     * @param staleness instead of each view's own
     * @param duration of a refresh
     * @param megabytes of a view
     */
    record Limits(Optional<Duration> staleness, Duration duration, long megabytes) {

        /** What is to be said of a view's size, its last refresh and what it lacks, apart from its age. */
        List<String> warnings(ListedView view, Wording wording) {
            List<String> warnings = new ArrayList<>();
            Duration took = view.materialization().lastDuration();
            Duration longest = view.upkeep().longestRefresh().orElse(duration);
            if (took.compareTo(longest) > 0) {
                warnings.add("the last refresh of " + view.name() + " took " + wording.duration(took) + " (limit "
                        + wording.duration(longest) + ")");
            }
            long largest = view.upkeep().largestMegabytes().orElse(megabytes);
            if (view.sizeBytes() > largest * 1_000_000) {
                warnings.add(view.name() + " takes " + wording.size(view.sizeBytes())
                        + (wording.exact() ? " bytes" : "") + " (limit " + largest + " MB)");
            }
            long without = view.materialization().setAside();
            if (without > 0) {
                warnings.add(wording.count(without) + (without == 1 ? " resource has" : " resources have")
                        + " no rows in " + view.name() + "; see why with  rf views status " + view.name());
            }
            return warnings;
        }

        /** The same, and what is to be said of its age. */
        List<String> allWarnings(ListedView view, Wording wording) {
            List<String> warnings = new ArrayList<>();
            if (view.isStale(staleness)) {
                warnings.add(view.name() + " is stale: "
                        + view.drift()
                                .map(ListedView.Drift::why)
                                .orElseGet(() -> "its rows are " + Wording.roughly(view.age()) + " old (limit "
                                        + Schedule.inWords(
                                                staleness.orElse(view.schedule().limit())) + ")"));
            }
            warnings.addAll(warnings(view, wording));
            return warnings;
        }
    }

    Limits limits(Configuration configuration) {
        return new Limits(
                staleness.limit(configuration),
                TimeText.of(configuration.require(ConfigKey.MAX_DURATION, Optional.ofNullable(maxDuration))),
                megabytes(configuration.require(ConfigKey.MAX_SIZE, Optional.ofNullable(maxSize))));
    }

    private static long megabytes(ConfigValue value) {
        if (!value.text().matches("[1-9][0-9]{0,8}")) {
            throw Failure.usage(value.origin() + " can be 1 or more megabytes, not " + Printable.line(value.text()));
        }
        return Long.parseLong(value.text());
    }
}
