package org.researchflow.rf.batch;

/**
 * Whether a view was live before, and is afterwards.
 *
 * @param view its name
 */
public record LiveChange(String view, boolean before, boolean after) {}
