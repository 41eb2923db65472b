package org.researchflow.rf.cohort;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;

/** Short names for the code systems that people use most. */
public final class CodeSystem {

    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("snomed", "http://snomed.info/sct"),
            Map.entry("sct", "http://snomed.info/sct"),
            Map.entry("loinc", "http://loinc.org"),
            Map.entry("rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"),
            Map.entry("icd10", "http://hl7.org/fhir/sid/icd-10"),
            Map.entry("icd10cm", "http://hl7.org/fhir/sid/icd-10-cm"),
            Map.entry("icd10gm", "http://fhir.de/CodeSystem/bfarm/icd-10-gm"),
            Map.entry("icd10pcs", "http://www.cms.gov/Medicare/Coding/ICD10"),
            Map.entry("icd9cm", "http://hl7.org/fhir/sid/icd-9-cm"),
            Map.entry("ops", "http://fhir.de/CodeSystem/bfarm/ops"),
            Map.entry("atc", "http://www.whocc.no/atc"),
            Map.entry("cvx", "http://hl7.org/fhir/sid/cvx"),
            Map.entry("ndc", "http://hl7.org/fhir/sid/ndc"),
            Map.entry("cpt", "http://www.ama-assn.org/go/cpt"),
            Map.entry("ucum", "http://unitsofmeasure.org"));

    private CodeSystem() {}

    /**
     * The system's URI: the text itself if it is one, else what the short name stands for.
     *
     * @throws Failure if it is neither
     */
    public static String uri(String text) {
        if (text.indexOf(':') >= 0) {
            return text;
        }
        String name = text.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
        return Optional.ofNullable(NAMES.get(name)).orElseThrow(() -> unknown(text, name));
    }

    /** The short names. */
    public static List<String> names() {
        return NAMES.keySet().stream().sorted().toList();
    }

    /** The short name of a system, if it has one. */
    public static Optional<String> shortName(String uri) {
        return names().stream().filter(name -> uri.equals(NAMES.get(name))).max(Comparator.naturalOrder());
    }

    private static Failure unknown(String text, String name) {
        List<String> known = names();
        Failure failure = Failure.usage("no code system is called \"" + Quoted.shown(text) + "\" for short");
        Suggestion.nearest(name, known)
                .ifPresentOrElse(
                        near -> failure.note("did you mean", near + "|…"),
                        () -> failure.note("try", "its URI, or one of " + String.join(", ", known)));
        return failure;
    }
}
