package org.researchflow.rf.load;

import org.researchflow.rf.source.ResourceStore.Written;

/** Told how a load goes on. */
public interface LoadListener {

    /** A file begins. */
    void begun(NdjsonFile file);

    /** So many lines have been read; called often. What it throws ends the load, and rolls back what is under way. */
    void read(long lines);

    /** This is committed. */
    void written(Written soFar);

    /** A line is left out. */
    void rejected(Rejection rejection);
}
