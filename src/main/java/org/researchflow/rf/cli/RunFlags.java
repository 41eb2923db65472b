package org.researchflow.rf.cli;

import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.RunOptions;
import picocli.CommandLine.Option;

/** The options of every command that works through views. */
final class RunFlags {

    @Option(names = "--jobs", paramLabel = "N", description = "How many views to work on at a time (default: 2).")
    private int jobs = RunOptions.DEFAULT.jobs();

    @Option(
            names = "--lock-timeout",
            paramLabel = "TIME",
            description = "How long to wait for another run on the same view: 30s, 10m (default: 0s).")
    private String lockTimeout = "0s";

    @Option(names = "--dry-run", description = "Say what would be done and why, and do nothing.")
    private boolean dryRun;

    boolean dryRun() {
        return dryRun;
    }

    RunOptions options() {
        if (jobs < 1 || jobs > 64) {
            throw Failure.usage("--jobs can be 1 to 64, not " + jobs);
        }
        return RunOptions.DEFAULT.withJobs(jobs).withLockTimeout(TimeText.parse("--lock-timeout", lockTimeout));
    }
}
