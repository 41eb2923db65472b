package org.researchflow.rf.rest;

import java.time.Duration;

/** How to let time pass. */
@FunctionalInterface
public interface Waiting {

    /** Waits; false when there is no use in going on. */
    boolean pause(Duration time) throws InterruptedException;
}
