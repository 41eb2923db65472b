package org.researchflow.rf.serving;

import java.util.function.Function;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.speed.SpeedLayer;

/** Where answers find what is newer than the stored rows. */
public sealed interface SpeedSide {

    /** Nowhere: stored rows are wanted as they are. */
    record Off() implements SpeedSide {}

    /** In the source itself: there is no speed layer. */
    record Absent() implements SpeedSide {}

    /**
     * In the speed layer, and in the source when that can't prove that it misses nothing.
     *
     * @param layers the speed layer of a source, once it is known which one is there
     * @param expected whether somebody set it up, so that a person wants to know when it was no use
     */
    record Present(Function<SourceSettings, SpeedLayer> layers, boolean expected) implements SpeedSide {

        /** A speed layer of one source. */
        public static Present of(SpeedLayer layer) {
            return new Present(_ -> layer, true);
        }
    }
}
