package org.researchflow.rf.batch;

/** Told what a run does while it does it; called from several threads. */
public interface RunListener {

    void started(String view);

    void finished(Outcome outcome);

    /** So many bodies were decoded out of large objects, before any view was started. */
    default void decoded(long bodies) {}
}
