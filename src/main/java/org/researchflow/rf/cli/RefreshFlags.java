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

    @Option(
            names = "--strict",
            description = "Fail when a view's SQL fails on a resource, instead of setting the resource aside.")
    private boolean strict;

    @Option(names = "--show-keys", description = "Name resources in messages by their keys, not by a hash of them.")
    private boolean showKeys;

    RunOptions in(RunOptions chosen) {
        RunOptions options = chosen.withStrict(strict).withShowKeys(showKeys);
        return rebuild
                ? options.withRefresh(RunOptions.Refresh.REBUILD)
                : exact ? options.withRefresh(RunOptions.Refresh.EXACT) : options;
    }
}
