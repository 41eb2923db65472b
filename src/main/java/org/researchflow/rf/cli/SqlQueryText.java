package org.researchflow.rf.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.view.Dependency;
import org.researchflow.rf.view.SqlParameter;
import org.researchflow.rf.view.SqlQuery;

/** A SQLQuery as people and programs are told of it. */
final class SqlQueryText {

    private SqlQueryText() {}

    static String inWords(SqlQuery query) {
        return query.parameters().isEmpty()
                ? "SQL without parameters"
                : "SQL with "
                        + query.parameters().stream().map(SqlParameter::name).collect(Collectors.joining(", "));
    }

    static Map<String, @Nullable Object> document(SqlQuery query) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", query.name());
        document.put("description", query.description().orElse(null));
        document.put(
                "parameters",
                query.parameters().stream().map(SqlQueryText::document).toList());
        document.put(
                "dependsOn",
                query.dependsOn().stream().map(SqlQueryText::document).toList());
        document.put("sql", query.sql().text());
        return document;
    }

    private static Map<String, @Nullable Object> document(SqlParameter parameter) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("name", parameter.name());
        document.put("type", parameter.type().name().toLowerCase(Locale.ROOT));
        document.put("sqlType", parameter.type().sqlType());
        document.put("required", parameter.required());
        document.put("documentation", parameter.documentation().orElse(null));
        return document;
    }

    private static Map<String, @Nullable Object> document(Dependency dependency) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("label", dependency.label());
        document.put("target", dependency.target());
        return document;
    }

    static String text(SqlQuery query) {
        StringBuilder text = new StringBuilder();
        for (SqlParameter parameter : query.parameters()) {
            text.append("--param ")
                    .append(parameter.name())
                    .append("=  ")
                    .append(parameter.type().example())
                    .append(parameter.required() ? "" : "; may be left out")
                    .append(parameter
                            .documentation()
                            .map(words -> ": " + Printable.line(words))
                            .orElse(""))
                    .append('\n');
        }
        List<String> reads = query.dependsOn().stream()
                .map(dependency -> dependency.label().equals(dependency.target())
                        ? dependency.label()
                        : dependency.label() + " (" + dependency.target() + ")")
                .toList();
        if (!reads.isEmpty()) {
            text.append("reads ").append(String.join(", ", reads)).append('\n');
        }
        return text.append('\n').append(query.sql().text()).toString();
    }
}
