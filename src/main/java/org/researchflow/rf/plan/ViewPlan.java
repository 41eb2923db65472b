package org.researchflow.rf.plan;

/** A compiled ViewDefinition. */
public record ViewPlan() {}
