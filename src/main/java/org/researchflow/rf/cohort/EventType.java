package org.researchflow.rf.cohort;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A kind of thing that is recorded of a patient, and where FHIR keeps what a question asks of it. */
public enum EventType {
    /** Diagnoses and problems; their day is the onset, or else the day of recording. */
    CONDITION(
            "condition",
            "Condition",
            Coding.CODE,
            Optional.empty(),
            Optional.empty(),
            List.of("onsetDateTime", "recordedDate"),
            List.of(
                    new Status(
                            "clinicalStatus",
                            Set.of("active", "recurrence", "relapse", "inactive", "remission", "resolved")),
                    new Status(
                            "verificationStatus",
                            Set.of(
                                    "unconfirmed",
                                    "provisional",
                                    "differential",
                                    "confirmed",
                                    "refuted",
                                    Status.ENTERED_IN_ERROR)))),
    /** Requests for medication; their day is that of the request. */
    MEDICATION(
            "medication",
            "MedicationRequest",
            new Coding(
                    List.of(Need.of("medicationCodeableConcept.coding.code", "medication.concept.coding.code")),
                    Need.of("medicationCodeableConcept.coding.system", "medication.concept.coding.system"),
                    List.of(
                            Need.of("medicationCodeableConcept.coding.display", "medication.concept.coding.display"),
                            Need.of("medicationCodeableConcept.text", "medication.concept.text"))),
            Optional.empty(),
            Optional.of(new Referred(
                    Need.of("medicationReference.reference", "medication.reference.reference")
                            .all(),
                    Need.of(
                                    "medicationReference.getReferenceKey(Medication)",
                                    "medication.reference.getReferenceKey(Medication)")
                            .all(),
                    "Medication",
                    Coding.CODE)),
            List.of("authoredOn"),
            List.of(new Status(
                    "status",
                    Set.of(
                            "active",
                            "on-hold",
                            "ended",
                            "cancelled",
                            "completed",
                            "stopped",
                            "draft",
                            "unknown",
                            Status.ENTERED_IN_ERROR)))),
    /** Procedures; their day is when they were performed, or began to be. */
    PROCEDURE(
            "procedure",
            "Procedure",
            Coding.CODE,
            Optional.empty(),
            Optional.empty(),
            List.of("performedDateTime", "performedPeriod.start", "occurrenceDateTime", "occurrencePeriod.start"),
            List.of(new Status(
                    "status",
                    Set.of(
                            "preparation",
                            "in-progress",
                            "not-done",
                            "on-hold",
                            "stopped",
                            "completed",
                            "unknown",
                            Status.ENTERED_IN_ERROR)))),
    /** Encounters, by class or type; their day is the start. */
    ENCOUNTER(
            "encounter",
            "Encounter",
            new Coding(
                    List.of(Need.of("class.code", "class.coding.code"), Need.of("type.coding.code")),
                    Need.of("type.coding.system"),
                    List.of(Need.of("type.coding.display"), Need.of("type.text.first()", "type.text"))),
            Optional.empty(),
            Optional.empty(),
            List.of("period.start", "actualPeriod.start"),
            List.of(new Status(
                    "status",
                    Set.of(
                            "planned",
                            "arrived",
                            "triaged",
                            "in-progress",
                            "onleave",
                            "on-hold",
                            "discharged",
                            "completed",
                            "finished",
                            "cancelled",
                            "discontinued",
                            "unknown",
                            Status.ENTERED_IN_ERROR)))),
    /** Observations, laboratory and other; their day is when the value was taken. */
    OBSERVATION(
            "lab",
            "Observation",
            Coding.CODE,
            Optional.of(Coding.COMPONENT),
            Optional.empty(),
            List.of("effectiveDateTime", "effectivePeriod.start"),
            List.of(new Status(
                    "status",
                    Set.of(
                            "registered",
                            "preliminary",
                            "final",
                            "amended",
                            "corrected",
                            "appended",
                            "cancelled",
                            "unknown",
                            Status.ENTERED_IN_ERROR))));

    /**
     * A coded status and its codes in FHIR.
     *
     * @param element below the resource
     * @param codes all of them
     */
    record Status(String element, Set<String> codes) {

        static final String ENTERED_IN_ERROR = "entered-in-error";

        /** A CodeableConcept's status is its first code. */
        Need need() {
            return Need.of(
                    element,
                    element + ".coding.code.first()",
                    element + ".coding.first().code",
                    element + ".coding.code");
        }
    }

    private final String word;
    private final String resourceType;

    @SuppressWarnings("ImmutableEnumChecker") // Lists made by List.of, of records of such.
    private final Coding coding;

    @SuppressWarnings("ImmutableEnumChecker") // The same.
    private final Optional<Coding> parts;

    @SuppressWarnings("ImmutableEnumChecker") // The same.
    private final Optional<Referred> referred;

    @SuppressWarnings("ImmutableEnumChecker") // The same.
    private final List<String> days;

    @SuppressWarnings("ImmutableEnumChecker") // The same.
    private final List<Status> statuses;

    EventType(
            String word,
            String resourceType,
            Coding coding,
            Optional<Coding> parts,
            Optional<Referred> referred,
            List<String> days,
            List<Status> statuses) {
        this.word = word;
        this.resourceType = resourceType;
        this.coding = coding;
        this.parts = parts;
        this.referred = referred;
        this.days = days;
        this.statuses = statuses;
    }

    /** The word for it in questions and answers. */
    public String word() {
        return word;
    }

    public String resourceType() {
        return resourceType;
    }

    Coding coding() {
        return coding;
    }

    /** The codes of its parts, each with a value of its own. */
    Optional<Coding> parts() {
        return parts;
    }

    /** What it may refer to instead of having codes itself. */
    Optional<Referred> referred() {
        return referred;
    }

    /** The elements that say its day; the first that is there counts. */
    List<String> days() {
        return days;
    }

    List<Status> statuses() {
        return statuses;
    }

    /** Whether it can have that status. */
    public boolean knows(String status) {
        return statuses.stream().anyMatch(kind -> kind.codes().contains(status));
    }

    /** The type that goes by that word. */
    static Optional<EventType> named(String word) {
        for (EventType type : values()) {
            if (type.word.equals(word)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
