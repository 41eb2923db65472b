package org.researchflow.rf.acceptance;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rows that one view of the pack should have for one resource, written down by hand from what the columns' own
 * descriptions promise: a second opinion, which shares nothing with the compiler.
 *
 * @param view the view's name
 * @param resourceType the type that it reads
 * @param codings where the codings are of which each has a row of its own; empty for one row a resource
 * @param rows a resource's rows; its body has its id in it
 */
record ExpectedRows(String view, String resourceType, String codings, Function<Json, List<ExpectedRow>> rows) {

    private static final String US_CORE = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-";

    static final List<ExpectedRows> PACK = List.of(
            new ExpectedRows("patient_simple", "Patient", "", patient -> List.of(simple(patient))),
            new ExpectedRows("patient_demographics", "Patient", "", patient -> List.of(demographics(patient))),
            new ExpectedRows("condition_simple", "Condition", "$.code.coding[*]", ExpectedRows::conditions),
            new ExpectedRows("observation_labs", "Observation", "$.code.coding[*]", ExpectedRows::observations),
            new ExpectedRows(
                    "medication_requests",
                    "MedicationRequest",
                    "$.medicationCodeableConcept.coding[*]",
                    ExpectedRows::medications),
            new ExpectedRows("procedure_history", "Procedure", "$.code.coding[*]", ExpectedRows::procedures),
            new ExpectedRows("encounter_simple", "Encounter", "$.type[*].coding[*]", ExpectedRows::encounters));

    private static ExpectedRow simple(Json patient) {
        return new ExpectedRow()
                .with("id", patient.at("id"))
                .with("gender", patient.at("gender"))
                .withDate("birth_date", patient.at("birthDate"))
                .with("family", patient.at("name").first().at("family"))
                .with("given", patient.at("name").first().at("given").joined(" "))
                .with("active", patient.at("active"))
                .with("deceased", deceased(patient));
    }

    private static @Nullable String deceased(Json patient) {
        return patient.at("deceasedDateTime").exists()
                ? "t"
                : patient.at("deceasedBoolean").text();
    }

    private static ExpectedRow demographics(Json patient) {
        Json name = patient.at("name").first();
        Json address = patient.at("address").first();
        Json race = patient.extension(US_CORE + "race");
        Json ethnicity = patient.extension(US_CORE + "ethnicity");
        return simple(patient)
                .with("prefix", name.at("prefix").joined(" "))
                .with("address_line", address.at("line").joined(", "))
                .with("city", address.at("city"))
                .with("state", address.at("state"))
                .with("postal_code", address.at("postalCode"))
                .with("country", address.at("country"))
                .with(
                        "phone",
                        patient.at("telecom")
                                .where(contact ->
                                        "phone".equals(contact.at("system").text()))
                                .at("value"))
                .with("race", race.extension("text").at("valueString"))
                .with("race_code", race.extension("ombCategory").at("valueCoding.code"))
                .with("ethnicity", ethnicity.extension("text").at("valueString"))
                .with("ethnicity_code", ethnicity.extension("ombCategory").at("valueCoding.code"))
                .with("birth_sex", patient.extension(US_CORE + "birthsex").at("valueCode"))
                .with("marital_status", patient.at("maritalStatus.coding.code"))
                .with("language", patient.at("communication.language.coding.code"))
                .withDate("deceased_date", patient.at("deceasedDateTime"));
    }

    private static List<ExpectedRow> conditions(Json condition) {
        return condition.at("code.coding").eachOrEmpty().stream()
                .map(coding -> clinical(condition, coding)
                        .with("text", condition.at("code.text"))
                        .with("clinical_status", condition.at("clinicalStatus.coding.code"))
                        .with("verification_status", condition.at("verificationStatus.coding.code"))
                        .with("category", condition.at("category.coding.code"))
                        .with("severity", condition.at("severity.coding.code"))
                        .withDate("onset", condition.at("onsetDateTime"))
                        .withDate("abatement", condition.at("abatementDateTime"))
                        .withDate("recorded_date", condition.at("recordedDate"))
                        .withReference("encounter", "Encounter", condition.at("encounter")))
                .toList();
    }

    /** What all views have that are not about patients themselves. */
    private static ExpectedRow clinical(Json resource, Json coding) {
        return new ExpectedRow()
                .with("id", resource.at("id"))
                .withReference("patient", "Patient", resource.at("subject"))
                .withCoding(coding);
    }

    private static List<ExpectedRow> observations(Json observation) {
        Json quantity = observation.at("valueQuantity");
        Json concept = observation.at("valueCodeableConcept");
        return observation.at("code.coding").eachOrEmpty().stream()
                .map(coding -> clinical(observation, coding)
                        .with("text", observation.at("code.text"))
                        .with("status", observation.at("status"))
                        .with("category", observation.at("category.coding.code"))
                        .with("value", quantity.at("value"))
                        .with("value_number", quantity.at("value"))
                        .with("unit", quantity.at("unit"))
                        .with("unit_code", quantity.at("code"))
                        .with("comparator", quantity.at("comparator"))
                        .with("value_code", concept.at("coding.code"))
                        .with("value_system", concept.at("coding.system"))
                        .with("value_display", concept.at("coding.display"))
                        .with("value_text", concept.at("text"))
                        .with("value_string", observation.at("valueString"))
                        .with("interpretation", observation.at("interpretation.coding.code"))
                        .withDate("effective", observation.at("effectiveDateTime"))
                        .withReference("encounter", "Encounter", observation.at("encounter"))
                        .withDate("effective_start", observation.at("effectivePeriod.start")))
                .toList();
    }

    private static List<ExpectedRow> medications(Json request) {
        return request.at("medicationCodeableConcept.coding").eachOrEmpty().stream()
                .map(coding -> clinical(request, coding)
                        .with("text", request.at("medicationCodeableConcept.text"))
                        .withReference("medication", "Medication", request.at("medicationReference"))
                        .with("status", request.at("status"))
                        .with("intent", request.at("intent"))
                        .with("category", request.at("category.coding.code"))
                        .withDate("authored_on", request.at("authoredOn"))
                        .with("dosage", request.at("dosageInstruction").first().at("text"))
                        .withReference("encounter", "Encounter", request.at("encounter")))
                .toList();
    }

    private static List<ExpectedRow> procedures(Json procedure) {
        return procedure.at("code.coding").eachOrEmpty().stream()
                .map(coding -> clinical(procedure, coding)
                        .with("text", procedure.at("code.text"))
                        .with("status", procedure.at("status"))
                        .with("category", procedure.at("category.coding.code"))
                        .withDate("performed", procedure.at("performedDateTime"))
                        .withDate("performed_start", procedure.at("performedPeriod.start"))
                        .withDate("performed_end", procedure.at("performedPeriod.end"))
                        .with("reason_code", procedure.at("reasonCode.coding.code"))
                        .withReference("encounter", "Encounter", procedure.at("encounter")))
                .toList();
    }

    private static List<ExpectedRow> encounters(Json encounter) {
        return encounter.at("type.coding").eachOrEmpty().stream()
                .map(coding -> clinical(encounter, coding)
                        .with("class", encounter.at("class.code"))
                        .with("text", encounter.at("type.text"))
                        .with("status", encounter.at("status"))
                        .withDate("start", encounter.at("period.start"))
                        .withDate("end", encounter.at("period.end"))
                        .with("reason_code", encounter.at("reasonCode.coding.code"))
                        .with("service_provider_ref", encounter.at("serviceProvider.reference")))
                .toList();
    }
}
