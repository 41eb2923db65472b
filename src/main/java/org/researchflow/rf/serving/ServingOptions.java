package org.researchflow.rf.serving;

/**
 * How answers are looked for.
 *
 * @param speed where what is newer than the stored rows is found
 * @param freshness which answers are too old
 * @param logged whether an answer leaves a line in the query log
 */
public record ServingOptions(SpeedSide speed, Freshness freshness, boolean logged) {

    public static final ServingOptions DEFAULT = new ServingOptions(new SpeedSide.Absent(), Freshness.DEFAULT, true);

    public ServingOptions withSpeed(SpeedSide other) {
        return new ServingOptions(other, freshness, logged);
    }

    public ServingOptions withFreshness(Freshness other) {
        return new ServingOptions(speed, other, logged);
    }

    public ServingOptions unlogged() {
        return new ServingOptions(speed, freshness, false);
    }
}
