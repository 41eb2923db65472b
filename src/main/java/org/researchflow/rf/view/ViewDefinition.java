package org.researchflow.rf.view;

import java.util.List;
import java.util.Optional;

/**
 * A ViewDefinition: what the file says, checked for its form but not yet compiled.
 *
 * @param name the view's name
 * @param resourceType the FHIR type that it reads, with its place
 * @param fhirVersions the versions of FHIR it is meant for, such as {@code 4.0.1}; empty when it does not say
 * @param description in the author's words
 * @param constants what its paths call {@code %name}
 * @param where conditions on the resource, all of which must hold
 * @param selects its selects
 * @param source the document as given
 * @see <a href="https://sql-on-fhir.org/ig/StructureDefinition-ViewDefinition.html">ViewDefinition</a>
 */
public record ViewDefinition(
        String name,
        PathText resourceType,
        List<String> fhirVersions,
        Optional<String> description,
        List<Constant> constants,
        List<PathText> where,
        List<Selection> selects,
        SourceText source)
        implements View {

    public ViewDefinition {
        fhirVersions = List.copyOf(fhirVersions);
        constants = List.copyOf(constants);
        where = List.copyOf(where);
        selects = List.copyOf(selects);
    }

    /** The FHIR type that it reads. */
    public String resource() {
        return resourceType.text();
    }

    /** The document's text. */
    public String json() {
        return source.text();
    }
}
