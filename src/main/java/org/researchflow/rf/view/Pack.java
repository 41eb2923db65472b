package org.researchflow.rf.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A set of views that comes with rf. */
public enum Pack {
    /** What a cohort question needs: patients, conditions, observations, medications, procedures, encounters. */
    FHIR(
            "fhir",
            "patient_simple",
            "patient_demographics",
            "condition_simple",
            "observation_labs",
            "medication_requests",
            "procedure_history",
            "encounter_simple"),

    /** What some cohort questions need besides: medications that requests refer to, and components of observations. */
    MORE("more", "medication_simple", "observation_components"),

    /** A school network's budget: one row a version with its key figures, and what they are made of. */
    KPI(
            "kpi",
            "mv_kpi_dashboard",
            "mv_budget_consolidation",
            "mv_enrollment_trends",
            "mv_workforce_utilization",
            "mv_financial_ratios");

    private final String folder;

    @SuppressWarnings("ImmutableEnumChecker") // List.of never changes; its type does not say so.
    private final List<String> names;

    Pack(String folder, String... names) {
        this.folder = folder;
        this.names = List.of(names);
    }

    @Override
    public String toString() {
        return folder;
    }

    /** The names of its views, in the order in which they are made. */
    public List<String> names() {
        return names;
    }

    /** The view of that name, one of {@link #names()}, in a pack of ViewDefinitions. */
    public ViewDefinition view(String name) {
        return ViewReader.read(name + extension(), document(name));
    }

    /** The view of that name, one of {@link #names()}. */
    public View any(String name) {
        return switch (this) {
            case FHIR, MORE -> view(name);
            case KPI -> Definitions.sqlView(name + extension(), document(name));
        };
    }

    /** All its views. */
    public List<View> all() {
        return names.stream().map(this::any).toList();
    }

    /** Those of them that are ViewDefinitions. */
    public List<ViewDefinition> views() {
        return all().stream()
                .filter(ViewDefinition.class::isInstance)
                .map(ViewDefinition.class::cast)
                .toList();
    }

    /** The pack that a view of that name comes with. */
    public static Optional<Pack> of(String name) {
        return Stream.of(values()).filter(pack -> pack.names().contains(name)).findFirst();
    }

    /** The document of the view of that name, one of {@link #names()}. */
    public String document(String name) {
        return text(name + extension());
    }

    private String extension() {
        return switch (this) {
            case FHIR, MORE -> ".json";
            case KPI -> ".sql";
        };
    }

    private String text(String name) {
        String file = folder + "/" + name;
        try (InputStream text = Pack.class.getResourceAsStream(file)) {
            if (text == null) {
                throw new IllegalArgumentException("no view " + file);
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
