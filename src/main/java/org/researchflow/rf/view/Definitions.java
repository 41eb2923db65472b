package org.researchflow.rf.view;

import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.view.Json.JsonObject;
import org.researchflow.rf.view.Json.JsonString;

/** Documents of which it is not known beforehand what they define. */
public final class Definitions {

    private static final String SQL = ".sql";

    private Definitions() {}

    /** Whether a document is SQL or a Library of it, and no ViewDefinition. */
    public static boolean isSql(String file, String text) {
        return file.endsWith(SQL) || resourceType(file, text).equals(Optional.of("Library"));
    }

    /**
     * A SQLView, from a Library or a file of SQL.
     *
     * @throws Failure if it is none
     */
    public static SqlView sqlView(String file, String text) {
        return switch (library(file, text, false)) {
            case SqlView view -> view;
            case SqlQuery query ->
                throw Failure.usage(file + " is a SQLQuery, not a SQLView")
                        .note("why", "it is run with its parameters when somebody asks, and has no rows to keep")
                        .note("try", "rf query run " + file + example(query));
        };
    }

    /**
     * A SQLQuery, from a Library or a file of SQL.
     *
     * @throws Failure if it is none
     */
    public static SqlQuery sqlQuery(String file, String text) {
        return switch (library(file, text, true)) {
            case SqlQuery query -> query;
            case SqlView _ ->
                throw Failure.usage(file + " is a SQLView, not a SQLQuery").note("try", "rf views create -f " + file);
        };
    }

    /** A SQLQuery that is kept under a name. */
    public static SqlQuery savedQuery(String name, String text) {
        return sqlQuery(name + (text.stripLeading().startsWith("{") ? ".json" : SQL), text);
    }

    private static SqlLibrary library(String file, String text, boolean query) {
        SourceText source = new SourceText(file, unmarked(text));
        return source.text().stripLeading().startsWith("{")
                ? SqlLibraryReader.read(source)
                : SqlFileReader.read(source, nameOf(file), query);
    }

    /** Without the mark with which some editors begin UTF-8, and which is no SQL. */
    private static String unmarked(String text) {
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static String example(SqlQuery query) {
        return query.parameters().isEmpty()
                ? ""
                : " --param " + query.parameters().getFirst().name() + "=VALUE";
    }

    /** What a document calls itself by its canonical URL, if it is JSON that has one. */
    public static Optional<String> url(String file, String text) {
        return member(file, text, "url");
    }

    private static Optional<String> resourceType(String file, String text) {
        return member(file, text, "resourceType");
    }

    private static Optional<String> member(String file, String text, String name) {
        return text.stripLeading().startsWith("{")
                        && Json.parse(new SourceText(file, text)) instanceof JsonObject object
                        && object.get(name).orElse(object) instanceof JsonString(String value, int _)
                ? Optional.of(value)
                : Optional.empty();
    }

    private static String nameOf(String file) {
        String last = file.substring(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1);
        return last.endsWith(SQL) ? last.substring(0, last.length() - SQL.length()) : last;
    }
}
