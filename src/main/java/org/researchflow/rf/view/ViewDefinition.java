package org.researchflow.rf.view;

/** Stands in for the ViewDefinition until it is merged. */
public record ViewDefinition(String name, String resource, String json) {}
