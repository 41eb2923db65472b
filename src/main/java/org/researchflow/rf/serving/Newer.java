package org.researchflow.rf.serving;

import java.util.Locale;

/**
 * Where what is newer than the stored rows came from.
 *
 * @param from where
 * @param changes how many changed resources were merged
 */
public record Newer(Place from, int changes) {

    static final Newer NONE = new Newer(Place.NOWHERE, 0);

    /** A place of changes. */
    public enum Place {
        /** There was nothing to merge with. */
        NOWHERE,
        /** The speed layer. */
        REDIS,
        /** The source itself. */
        DATABASE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
