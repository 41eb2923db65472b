package org.researchflow.rf.batch;

/** Told what a run does while it does it; called from several threads. */
public interface RunListener {

    void started(String view);

    void finished(Outcome outcome);
}
