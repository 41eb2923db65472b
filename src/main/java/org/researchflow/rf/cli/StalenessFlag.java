package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.Configuration;
import picocli.CommandLine.Option;

/** The option that says how old views may be. */
final class StalenessFlag {

    @Option(
            names = "--max-staleness",
            paramLabel = "TIME",
            description = "How old a view may be: 30m, 24h (RF_MAX_STALENESS; default: each view's own interval, 24h"
                    + " without one).")
    private @Nullable String maxStaleness;

    /** The limit for all views; empty when each has its own. */
    Optional<Duration> limit(Configuration configuration) {
        return configuration
                .get(ConfigKey.MAX_STALENESS, Optional.ofNullable(maxStaleness))
                .map(TimeText::of);
    }
}
