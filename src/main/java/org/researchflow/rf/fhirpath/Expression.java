package org.researchflow.rf.fhirpath;

/** A parsed FHIRPath expression. */
public sealed interface Expression permits Placeholder {}

record Placeholder() implements Expression {}
