package org.researchflow.rf.cli;

/** How much standard error carries: {@code -q} errors only, {@code -v} also SQL and timings. */
enum Verbosity {
    QUIET,
    NORMAL,
    VERBOSE
}
