package org.researchflow.rf.sql;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * SQL text with the values to bind to its {@code ?} placeholders, in order.
 *
 * @param text the text, formatted by clause as a user will be shown it
 * @param parameters one value for each placeholder
 */
public record Sql(String text, List<@Nullable Object> parameters) {
    public Sql {
        parameters = Collections.unmodifiableList(new ArrayList<>(parameters));
    }

    public static Sql of(String text) {
        return new Sql(text, List.of());
    }
}
