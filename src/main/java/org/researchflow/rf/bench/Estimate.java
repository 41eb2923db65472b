package org.researchflow.rf.bench;

/**
 * A figure, and between which bounds other runs would put it, nineteen times out of twenty.
 *
 * @param value the figure of all runs together
 * @param low the lower bound
 * @param high the upper bound
 */
public record Estimate(double value, double low, double high) {

    /** Whether no value is within the bounds of both. */
    boolean excludes(Estimate other) {
        return low > other.high || high < other.low;
    }
}
