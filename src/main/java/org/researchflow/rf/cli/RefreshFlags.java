package org.researchflow.rf.cli;

import org.researchflow.rf.batch.RunOptions;
import picocli.CommandLine.Option;

/** The options of the commands that refresh views. */
final class RefreshFlags {

    @Option(
            names = "--exact",
            description = "Also look for expunged resources and changed tags, which leave no new version.")
    private boolean exact;

    @Option(names = "--rebuild", description = "Build everything anew.")
    private boolean rebuild;

    RunOptions in(RunOptions options) {
        return rebuild
                ? options.withRefresh(RunOptions.Refresh.REBUILD)
                : exact ? options.withRefresh(RunOptions.Refresh.EXACT) : options;
    }
}
