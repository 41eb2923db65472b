package org.researchflow.rf.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

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
            "encounter_simple");

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

    /** The view of that name, one of {@link #names()}. */
    public ViewDefinition view(String name) {
        String file = folder + "/" + name + ".json";
        try (InputStream json = Pack.class.getResourceAsStream(file)) {
            if (json == null) {
                throw new IllegalArgumentException("no view " + file);
            }
            return ViewReader.read(name + ".json", new String(json.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All its views. */
    public List<ViewDefinition> views() {
        return names.stream().map(this::view).toList();
    }
}
