package org.researchflow.rf.serving;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long the steps of an answer took, one after the other. */
final class Timings {

    private final Map<String, Double> steps = new LinkedHashMap<>();
    private long last = System.nanoTime();

    /** What happened since the last call was this step, or more of it. */
    void done(String step) {
        long now = System.nanoTime();
        steps.merge(step, (now - last) / 1e6, Double::sum);
        last = now;
    }

    /** The milliseconds of each step, in their order. */
    Map<String, Double> milliseconds() {
        Map<String, Double> rounded = new LinkedHashMap<>();
        steps.forEach((step, time) -> rounded.put(step, Math.round(time * 1000) / 1000.0));
        return Collections.unmodifiableMap(rounded);
    }
}
