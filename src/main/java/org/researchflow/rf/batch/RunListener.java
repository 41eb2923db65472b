package org.researchflow.rf.batch;

/** Told what a run does while it does it; called from several threads. */
public interface RunListener {

    void started(String view);

    void finished(Outcome outcome);

    /** So many bodies were decoded out of large objects, before any view was started. */
    default void decoded(long bodies) {}

    /**
     * The state of the source that the run reads is fixed, and nothing of it is committed yet. The run waits, and does not
     * fail: what others are to have seen of the source by the time that the views are newer is theirs to look after.
     */
    default void beforeCommits() {}
}
