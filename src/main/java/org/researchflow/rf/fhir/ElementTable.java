package org.researchflow.rf.fhir;

/** Stands in for the element table until it is merged. */
public record ElementTable(FhirVersion version) {
    public static ElementTable of(FhirVersion version) {
        return new ElementTable(version);
    }
}
