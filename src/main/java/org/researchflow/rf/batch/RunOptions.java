package org.researchflow.rf.batch;

import java.time.Duration;

/**
 * How a run goes about its views.
 *
 * @param refresh how thoroughly views are refreshed
 * @param jobs how many views are built at a time
 * @param cascade whether what depends on a view may be dropped with it
 * @param lockTimeout how long to wait for another run to finish with a view
 * @param patience how long a finished build waits for readers before its publication is left to the next run
 * @param strict whether a view fails when its SQL fails on a resource; otherwise the resource is set aside
 * @param showKeys whether messages name resources by their keys
 */
public record RunOptions(
        Refresh refresh,
        int jobs,
        boolean cascade,
        Duration lockTimeout,
        Duration patience,
        boolean strict,
        boolean showKeys) {

    public static final RunOptions DEFAULT =
            new RunOptions(Refresh.CHANGES, 2, false, Duration.ZERO, Duration.ofSeconds(30), false, false);

    public RunOptions {
        if (jobs < 1) {
            throw new IllegalArgumentException("jobs: " + jobs);
        }
    }

    /** How thoroughly a view is refreshed that could be refreshed incrementally. */
    public enum Refresh {
        /** What changed, and what was expunged or tagged where something points to it. */
        CHANGES,
        /** What changed, and what was expunged or tagged. */
        EXACT,
        /** Everything is built anew. */
        REBUILD
    }

    public RunOptions withRefresh(Refresh thoroughness) {
        return new RunOptions(thoroughness, jobs, cascade, lockTimeout, patience, strict, showKeys);
    }

    public RunOptions withJobs(int number) {
        return new RunOptions(refresh, number, cascade, lockTimeout, patience, strict, showKeys);
    }

    public RunOptions withCascade(boolean allowed) {
        return new RunOptions(refresh, jobs, allowed, lockTimeout, patience, strict, showKeys);
    }

    public RunOptions withPatience(Duration longest) {
        return new RunOptions(refresh, jobs, cascade, lockTimeout, longest, strict, showKeys);
    }

    public RunOptions withLockTimeout(Duration longest) {
        return new RunOptions(refresh, jobs, cascade, longest, patience, strict, showKeys);
    }

    public RunOptions withStrict(boolean wanted) {
        return new RunOptions(refresh, jobs, cascade, lockTimeout, patience, wanted, showKeys);
    }

    public RunOptions withShowKeys(boolean wanted) {
        return new RunOptions(refresh, jobs, cascade, lockTimeout, patience, strict, wanted);
    }
}
