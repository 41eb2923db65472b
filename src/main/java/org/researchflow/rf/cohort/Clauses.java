package org.researchflow.rf.cohort;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.sql.Sql;

/** Conditions in SQL put together, each with the values of its own placeholders. */
final class Clauses {

    private Clauses() {}

    static Sql of(String text, Object... parameters) {
        return new Sql(text, Arrays.asList(parameters));
    }

    /**
     * Whether the column has one of the values. One value is compared by itself: an index on this column and another is
     * then known to give its rows in the other's order.
     */
    static Sql oneOf(String column, Collection<String> values) {
        return values.size() == 1
                ? of(column + " = ?", values.iterator().next())
                : of(column + " = any (cast(? as text[]))", (Object) values.toArray(String[]::new));
    }

    static Sql and(List<Sql> conditions) {
        return switch (conditions.size()) {
            case 0 -> Sql.of("true");
            case 1 -> conditions.getFirst();
            default -> joined(conditions, "\n  and ");
        };
    }

    /** In brackets, so that it can stand anywhere. */
    static Sql or(List<Sql> conditions) {
        return switch (conditions.size()) {
            case 0 -> Sql.of("false");
            case 1 -> conditions.getFirst();
            default -> bracketed(joined(conditions, "\n   or "));
        };
    }

    /** Whether the condition is false or unknown: who has no gender is not a man. */
    static Sql not(Sql condition) {
        return condition.text().startsWith("exists (")
                ? new Sql("not " + condition.text(), condition.parameters())
                : new Sql(bracketed(condition).text() + " is not true", condition.parameters());
    }

    static Sql bracketed(Sql condition) {
        return new Sql("(" + condition.text() + ")", condition.parameters());
    }

    /** The text with each {@code %s} replaced by a part, whose further lines are indented like its first. */
    static Sql format(String template, Sql... parts) {
        StringBuilder text = new StringBuilder();
        List<@Nullable Object> parameters = new ArrayList<>();
        String[] between = template.split("%s", -1);
        for (int i = 0; i < between.length; i++) {
            text.append(between[i]);
            if (i < parts.length) {
                text.append(parts[i].text().replace("\n", "\n" + indentOf(text)));
                parameters.addAll(parts[i].parameters());
            }
        }
        return new Sql(text.toString(), parameters);
    }

    /** The blanks with which the last line begins. */
    private static String indentOf(StringBuilder text) {
        int start = text.lastIndexOf("\n") + 1;
        int end = start;
        while (end < text.length() && text.charAt(end) == ' ') {
            end++;
        }
        return " ".repeat(end - start);
    }

    static Sql joined(List<Sql> parts, String separator) {
        List<@Nullable Object> parameters = new ArrayList<>();
        parts.forEach(part -> parameters.addAll(part.parameters()));
        return new Sql(parts.stream().map(Sql::text).collect(Collectors.joining(separator)), parameters);
    }
}
