package org.researchflow.rf.bench;

import java.util.OptionalDouble;

/**
 * One run of a series, warm-up left out.
 *
 * @param latencies of all answers
 * @param errors how many questions had no answer
 * @param seconds how long it took
 * @param cpu seconds of processor that the database server took, where that can be had
 */
public record Sample(Latencies latencies, long errors, double seconds, OptionalDouble cpu) {}
