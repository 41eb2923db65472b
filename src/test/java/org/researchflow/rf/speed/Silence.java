package org.researchflow.rf.speed;

import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunListener;

/** Listens to a run and says nothing. */
final class Silence implements RunListener {
    @Override
    public void started(String view) {}

    @Override
    public void finished(Outcome outcome) {}
}
