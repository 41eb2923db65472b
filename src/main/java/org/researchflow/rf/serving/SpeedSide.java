package org.researchflow.rf.serving;

import org.researchflow.rf.speed.SpeedLayer;

/** Where answers find what is newer than the stored rows. */
public sealed interface SpeedSide {

    /** Nowhere: stored rows are wanted as they are. */
    record Off() implements SpeedSide {}

    /** In the source itself: there is no speed layer. */
    record Absent() implements SpeedSide {}

    /** In the speed layer, and in the source when that can't prove that it misses nothing. */
    record Present(SpeedLayer layer) implements SpeedSide {}
}
