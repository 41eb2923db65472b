package org.researchflow.rf.serving;

/** Who executes a query. */
public enum RunnerName {
    /** The materialized views where they exist, on the fly otherwise. */
    HYBRID,
    /** The materialized views as they are. */
    MATERIALIZED,
    /** The views compiled and run over the resources as they are now. */
    POSTGRES
}
