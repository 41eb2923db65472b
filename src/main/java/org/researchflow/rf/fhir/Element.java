package org.researchflow.rf.fhir;

import java.util.List;

/**
 * One element of a FHIR type, as its StructureDefinition declares it.
 *
 * @param name the name in FHIRPath, without {@code [x]}: {@code birthDate}, {@code value}
 * @param types the types it may have: one, or several for a choice; a nested (backbone) type is named by its path,
 *     such as {@code Patient.contact}
 * @param repeats whether more than one value is allowed, so that JSON holds an array
 * @param choice whether the definition says {@code [x]}, so that JSON names it with its type: {@code valueQuantity}
 */
public record Element(String name, List<String> types, boolean repeats, boolean choice) {
    public Element {
        types = List.copyOf(types);
    }
}
