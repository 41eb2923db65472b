package org.researchflow.rf.view;

import java.util.List;
import java.util.Optional;

/**
 * A column as the ViewDefinition has it.
 *
 * @param name its name
 * @param path its expression
 * @param type the declared FHIR type
 * @param collection whether it may hold several values
 * @param description in the author's words
 * @param tags hints to implementations, such as {@code ansi/type}
 * @param place where the column stands in the file
 */
public record ColumnDefinition(
        String name,
        PathText path,
        Optional<String> type,
        boolean collection,
        Optional<String> description,
        List<Tag> tags,
        Place place) {

    public ColumnDefinition {
        tags = List.copyOf(tags);
    }

    /** A hint to an implementation. */
    public record Tag(String name, String value, Place place) {}
}
