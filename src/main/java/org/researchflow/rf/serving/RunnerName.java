package org.researchflow.rf.serving;

import java.util.Locale;

/** Who executes a query. */
public enum RunnerName {
    /** The materialized views, where they exist, with what changed since; on the fly otherwise. */
    HYBRID,
    /** The materialized views as they are. */
    MATERIALIZED,
    /** The views compiled and run over the resources as they are now. */
    POSTGRES,
    /** What the speed layer holds as changed since the refresh, and nothing else. */
    SPEED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
