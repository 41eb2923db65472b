package org.researchflow.rf.cli;

import java.time.Duration;
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

    RunOptions options() {
        if (jobs < 1 || jobs > 64) {
            throw Failure.usage("--jobs can be 1 to 64, not " + jobs);
        }
        return RunOptions.DEFAULT.withJobs(jobs).withLockTimeout(duration(lockTimeout));
    }

    private static Duration duration(String text) {
        if (!text.matches("[0-9]{1,6}(ms|s|m|h)")) {
            throw Failure.usage("--lock-timeout is not a time: " + text).note("try", "a time such as 30s, 10m or 1h");
        }
        long number = Long.parseLong(text.replaceAll("[a-z]", ""));
        return switch (text.replaceAll("[0-9]", "")) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
        };
    }
}
