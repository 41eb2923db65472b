package org.researchflow.rf.fhir;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ElementTableTest {

    private static final ElementTable R4 = ElementTable.of(FhirVersion.R4);

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            # version, type, element, types, repeats, choice
            R4,  Patient,                     birthDate,         date,                 false, false
            R4,  Patient,                     name,              HumanName,            true,  false
            R4,  Patient,                     deceased,          boolean dateTime,     false, true
            R4,  Patient,                     contact,           Patient.contact,      true,  false
            R4,  Patient.contact,             gender,            code,                 false, false
            R4,  Observation,                 component,         Observation.component, true, false
            R4,  Observation.component,       referenceRange,    Observation.referenceRange, true, false
            R4,  Questionnaire.item,          item,              Questionnaire.item,   true,  false
            R4,  Bundle.entry,                link,              Bundle.link,          true,  false
            R5,  Bundle.entry,                link,              Bundle.link,          true,  false
            R4,  Bundle.entry,                resource,          Resource,             false, false
            R4,  DomainResource,              contained,         Resource,             true,  false
            R4,  Extension,                   url,               uri,                  false, false
            R4,  Timing,                      repeat,            Timing.repeat,        false, false
            R4,  Timing.repeat,               bounds,            Duration Range Period, false, true
            R4,  Narrative,                   div,               xhtml,                false, false
            R4,  Encounter,                   class,             Coding,               false, false
            R4B, Encounter,                   class,             Coding,               false, false
            R5,  Encounter,                   class,             CodeableConcept,      true,  false
            R5,  Attachment,                  size,              integer64,            false, false
            R4,  Attachment,                  size,              unsignedInt,          false, false
            """)
    void elementsAreAsPublished(
            FhirVersion version, String type, String name, String types, boolean repeats, boolean choice) {
        assertThat(ElementTable.of(version).element(type, name))
                .contains(new Element(name, List.of(types.split(" ", -1)), repeats, choice));
    }

    @Test
    void aChoiceListsAllItsTypes() {
        assertThat(R4.element("Observation", "value").orElseThrow().types())
                .containsExactly(
                        "Quantity",
                        "CodeableConcept",
                        "string",
                        "boolean",
                        "integer",
                        "Range",
                        "Ratio",
                        "SampledData",
                        "time",
                        "dateTime",
                        "Period");
        assertThat(R4.element("Extension", "value").orElseThrow().types())
                .hasSize(50)
                .contains("base64Binary", "CodeableConcept", "Reference", "Dosage", "Meta");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            Patient,                 id,                id
            Bundle,                  id,                id
            Patient,                 meta,              Meta
            Patient,                 text,              Narrative
            Patient,                 extension,         Extension
            HumanName,               id,                string
            Patient.contact,         id,                string
            Patient.contact,         modifierExtension, Extension
            Timing.repeat,           extension,         Extension
            boolean,                 extension,         Extension
            positiveInt,             id,                string
            Age,                     value,             decimal
            """)
    void elementsAreInherited(String type, String name, String declared) {
        for (FhirVersion version : FhirVersion.values()) {
            assertThat(ElementTable.of(version)
                            .element(type, name)
                            .orElseThrow()
                            .types())
                    .containsExactly(declared);
        }
    }

    @Test
    void inheritedElementsComeFirst() {
        assertThat(R4.elements("Quantity"))
                .extracting(Element::name)
                .containsExactly("id", "extension", "value", "comparator", "unit", "system", "code");
        assertThat(R4.elements("Age")).isEqualTo(R4.elements("Quantity"));
        assertThat(R4.elements("Patient"))
                .extracting(Element::name)
                .startsWith("id", "meta", "implicitRules", "language", "text", "contained", "extension");
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", textBlock = """
            R4, positiveInt,        integer
            R4, code,               string
            R4, url,                uri
            R4, string,             Element
            R5, string,             PrimitiveType
            R4, Age,                Quantity
            R4, Quantity,           Element
            R5, Quantity,           DataType
            R4, Patient,            DomainResource
            R4, DomainResource,     Resource
            R4, Bundle,             Resource
            R4, Patient.contact,    BackboneElement
            R4, Timing.repeat,      Element
            R4, Resource,           -
            R5, Resource,           Base
            """)
    void typesHaveTheirBase(FhirVersion version, String type, @Nullable String base) {
        assertThat(ElementTable.of(version).base(type)).isEqualTo(Optional.ofNullable(base));
    }

    @Test
    void aTypeIsItselfAndItsAncestors() {
        assertThat(R4.isA("Patient", "Patient")).isTrue();
        assertThat(R4.isA("Patient", "Resource")).isTrue();
        assertThat(R4.isA("code", "string")).isTrue();
        assertThat(R4.isA("string", "code")).isFalse();
        assertThat(R4.isA("Patient", "Element")).isFalse();
        assertThat(R4.isA("Patiend", "Patiend")).isFalse();
    }

    @Test
    void kindsOfTypesAreToldApart() {
        assertThat(R4.isResource("Patient")).isTrue();
        assertThat(R4.isResource("Resource")).isTrue();
        assertThat(R4.isResource("HumanName")).isFalse();
        assertThat(R4.isResource("Patient.contact")).isFalse();
        assertThat(R4.isPrimitive("xhtml")).isTrue();
        assertThat(R4.isPrimitive("Quantity")).isFalse();
        assertThat(ElementTable.of(FhirVersion.R5).isPrimitive("PrimitiveType")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"R4, 146, integer64", "R4B, 141, integer64", "R5, 158, MoneyQuantity"})
    void everyVersionHasItsTypes(FhirVersion version, int resourceTypes, String missing) {
        ElementTable table = ElementTable.of(version);
        assertThat(table.resourceTypes())
                .hasSize(resourceTypes)
                .isSorted()
                .contains("Account", "Patient", "VisionPrescription")
                .doesNotContain("Resource", "DomainResource", "MetadataResource");
        assertThat(table.typeNames())
                .contains("Address", "Resource", "xhtml")
                .doesNotContain(missing, "Patient.contact", "SimpleQuantity");
    }

    @ParameterizedTest
    @EnumSource
    void everyElementLeadsToAType(FhirVersion version) {
        ElementTable table = ElementTable.of(version);
        for (String type : table.typeNames()) {
            for (Element element : table.elements(type)) {
                assertThat(element.types()).isNotEmpty().allMatch(table::isType, type + "." + element.name());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Patiend", "patient", "A", "zzz", "''", "Patient r", "Patient.contact.name.family"})
    void anUnknownTypeHasNothing(String name) {
        assertThat(R4.isType(name)).isFalse();
        assertThat(R4.element(name, "id")).isEmpty();
        assertThat(R4.elements(name)).isEmpty();
        assertThat(R4.base(name)).isEmpty();
    }

    @Test
    void anUnknownElementIsNotFound() {
        assertThat(R4.element("Patient", "gendr")).isEmpty();
        assertThat(R4.element("Patient", "deceasedBoolean")).isEmpty();
        assertThat(R4.element("boolean", "value")).isEmpty();
    }
}
