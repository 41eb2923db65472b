package org.researchflow.rf.bench;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How long and how hard a series is measured.
 *
 * @param duration of each run
 * @param warmUp before each run, thrown away
 * @param runs how many, in turns with other series, so that all of them see the same machine
 * @param rate questions a second: an open model, in which a latency counts from the moment that a question was due.
 *     Without it the model is closed: each client asks again when it has its answer
 */
public record Pace(Duration duration, Duration warmUp, int runs, OptionalDouble rate) {

    /** The same in the closed model. */
    Pace closed() {
        return new Pace(duration, warmUp, runs, OptionalDouble.empty());
    }
}
