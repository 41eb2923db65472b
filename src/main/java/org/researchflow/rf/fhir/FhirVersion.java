package org.researchflow.rf.fhir;

/** A release of FHIR that has an element table. */
public enum FhirVersion {
    R4,
    R4B,
    R5
}
