package org.researchflow.rf.source;

import java.util.Locale;

/** Which of the places where resources can live is meant. */
public enum SourceName {
    /** Whichever of the others is there. */
    AUTO,
    /** A HAPI server's tables. */
    HAPI,
    /** rf's own table, which {@code rf load} fills. */
    RESOURCES;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
