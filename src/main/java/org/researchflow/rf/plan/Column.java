package org.researchflow.rf.plan;

import java.util.Optional;

/**
 * One column of a view.
 *
 * @param name as the ViewDefinition has it
 * @param fhirType the FHIR type of the values: declared or inferred
 * @param collection whether the column holds an array
 * @param sqlType the PostgreSQL type, {@code text[]} for a collection of strings
 * @param description the ViewDefinition's words on it
 * @param path where the values come from when that can be told in a few words from the resource, such as
 *     {@code Condition.code.coding.code}, {@code Condition.subject.getReferenceKey(Patient)},
 *     {@code Patient.birthDate.lowBoundary()} or {@code Patient.getResourceKey()}: what a cohort criterion looks for
 */
public record Column(
        String name,
        String fhirType,
        boolean collection,
        String sqlType,
        Optional<String> description,
        Optional<String> path) {}
