package org.researchflow.rf.cli;

import java.util.Optional;
import org.researchflow.rf.Failure;
import picocli.CommandLine.Option;

/** The options that say whether a view is live. */
final class LiveFlags {

    @Option(
            names = "--live",
            description = "Publish sqlonfhir_live.NAME as well: the view as it is now, for whoever speaks SQL.")
    private boolean live;

    @Option(names = "--no-live", description = "Take sqlonfhir_live.NAME away.")
    private boolean still;

    /** What was asked for, if anything was. */
    Optional<Boolean> wanted() {
        if (live && still) {
            throw Failure.usage("--live and --no-live exclude each other");
        }
        return live || still ? Optional.of(live) : Optional.empty();
    }
}
