package org.researchflow.rf.batch;

import java.time.Duration;

/**
 * How a run goes about its views.
 *
 * @param jobs how many views are built at a time
 * @param cascade whether what depends on a view may be dropped with it
 * @param lockTimeout how long to wait for another run to finish with a view
 * @param patience how long a finished build waits for readers before its publication is left to the next run
 */
public record RunOptions(int jobs, boolean cascade, Duration lockTimeout, Duration patience) {

    public static final RunOptions DEFAULT = new RunOptions(2, false, Duration.ZERO, Duration.ofSeconds(30));

    public RunOptions {
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs: " + jobs);
        }
    }

    public RunOptions withJobs(int number) {
        return new RunOptions(number, cascade, lockTimeout, patience);
    }

    public RunOptions withCascade(boolean allowed) {
        return new RunOptions(jobs, allowed, lockTimeout, patience);
    }

    public RunOptions withPatience(Duration longest) {
        return new RunOptions(jobs, cascade, lockTimeout, longest);
    }

    public RunOptions withLockTimeout(Duration longest) {
        return new RunOptions(jobs, cascade, longest, patience);
    }
}
