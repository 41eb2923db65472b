package org.researchflow.rf.view;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.view.Json.JsonArray;
import org.researchflow.rf.view.Json.JsonObject;
import org.researchflow.rf.view.Json.JsonString;

/**
 * A file of SQL with a header in YAML into a {@link SqlLibrary}. The header stands between lines of three dashes, which
 * may be those of a comment, so that psql can run the file as it is.
 */
final class SqlFileReader {

    private static final Pattern HEADER = Pattern.compile(
            "\\A\\s*(?:/\\*[ \\t]*)?---[ \\t]*\\R(?<yaml>.*?)^---[ \\t]*(?:\\*/[ \\t]*)?(?:\\R|\\z)",
            Pattern.DOTALL | Pattern.MULTILINE);

    private static final Pattern TIME = Pattern.compile("([0-9]{1,6})(ms|s|m|h|d)");

    private static final String OF_HEADER = "a header of SQL";

    private static final Set<String> MEMBERS = Set.of(
            "name",
            "url",
            "schema",
            "description",
            "unique-key",
            "indexes",
            "depends-on",
            "refresh-interval",
            "thresholds",
            "columns",
            "parameters");

    private final SourceText source;
    private final List<Problem> problems = new ArrayList<>();

    private SqlFileReader(SourceText source) {
        this.source = source;
    }

    /**
     * Reads a file.
     *
     * @param name what it is called where its header does not say
     * @param query whether it is one even if it has no parameters
     */
    static SqlLibrary read(SourceText source, String name, boolean query) {
        return new SqlFileReader(source).library(name, query);
    }

    private SqlLibrary library(String fileName, boolean query) {
        Matcher found = HEADER.matcher(source.text());
        boolean headed = found.lookingAt();
        Members header = header(headed ? Optional.of(found) : Optional.empty());
        header.requireKnown(MEMBERS, OF_HEADER);
        String name = header.text("name").orElse(fileName);
        boolean isQuery = query || header.get("parameters").isPresent();
        if (!isQuery && !SqlLibraryReader.isName(name)) {
            header.problem("name", "not a name: \"" + name + '"', "expected a letter, then letters, digits and _");
        }
        List<Dependency> dependencies = dependencies(header);
        List<SqlParameter> parameters = parameters(header);
        SqlView.Storage storage = storage(header);
        SqlView.Upkeep upkeep = upkeep(header);
        Map<String, String> columns = columns(header);
        if (!problems.isEmpty()) {
            throw Problem.failure(problems);
        }
        SqlText sql = SqlText.parse(source, headed ? found.end() : 0);
        SqlLibraryReader.requireDeclared(name, sql, parameters);
        return isQuery
                ? new SqlQuery(name, header.text("description"), sql, dependencies, parameters, source)
                : new SqlView(
                        name,
                        header.text("url"),
                        header.text("description"),
                        sql,
                        dependencies,
                        storage,
                        upkeep,
                        columns,
                        source);
    }

    /** The header's members, whose places are those in the whole file. */
    private Members header(Optional<Matcher> found) {
        if (found.isEmpty() || found.get().group("yaml").isBlank()) {
            return new Members(new JsonObject(Map.of(), Map.of(), 0), source, problems);
        }
        int from = found.get().start("yaml");
        String before = source.text().substring(0, from).replaceAll("[^\\r\\n]", " ");
        SourceText yaml = new SourceText(source.file(), before + found.get().group("yaml"));
        return Members.of(underscoresAsHyphens(Yaml.parse(yaml, "a header")), yaml, problems);
    }

    /** The header's own names may be written either way. */
    private static Json underscoresAsHyphens(Json document) {
        if (!(document instanceof JsonObject(Map<String, Json> members, Map<String, Integer> names, int offset))) {
            return document;
        }
        Map<String, Json> plain = new LinkedHashMap<>();
        Map<String, Integer> places = new LinkedHashMap<>();
        members.forEach((name, value) -> plain.put(name.replace('_', '-'), value));
        names.forEach((name, place) -> places.put(name.replace('_', '-'), place));
        return new JsonObject(plain, places, offset);
    }

    /** A list of names, or a mapping of the names in the SQL to what they are. */
    private List<Dependency> dependencies(Members header) {
        List<Dependency> found = new ArrayList<>();
        if (header.get("depends-on").filter(JsonObject.class::isInstance).isPresent()) {
            header.object("depends-on")
                    .ifPresent(labels -> labels.object()
                            .members()
                            .keySet()
                            .forEach(label ->
                                    labels.text(label).ifPresent(target -> found.add(new Dependency(label, target)))));
        } else {
            for (String target : header.texts("depends-on")) {
                Dependency dependency = new Dependency(target, target);
                found.add(dependency.isReference() ? new Dependency(dependency.lastSegment(), target) : dependency);
            }
        }
        Set<String> seen = new HashSet<>();
        for (Dependency dependency : found) {
            boolean plainTable =
                    dependency.label().contains(".") && dependency.label().equals(dependency.target());
            if (!plainTable && !SqlLibraryReader.isName(dependency.label())) {
                header.problem(
                        "depends-on",
                        "\"" + dependency.label() + "\" cannot be a table's name in the SQL",
                        "expected names, or a mapping of names to what they are");
            } else if (!seen.add(dependency.label().toLowerCase(Locale.ROOT))) {
                header.problem("depends-on", "\"" + dependency.label() + "\" twice", "expected each name once");
            }
        }
        return found;
    }

    private List<SqlParameter> parameters(Members header) {
        List<SqlParameter> found = new ArrayList<>();
        header.object("parameters").ifPresent(parameters -> {
            for (String name : parameters.object().members().keySet()) {
                String type = parameters.text(name).orElse("");
                boolean optional = type.endsWith("?");
                Optional<ParameterType> known = ParameterType.of(
                        optional ? type.substring(0, type.length() - 1).strip() : type);
                if (known.isEmpty() || !SqlLibraryReader.isName(name)) {
                    parameters.problem(
                            name, "not a parameter", "expected NAME: TYPE, such as  year: integer  or  level: string?");
                } else {
                    found.add(new SqlParameter(name, known.get(), !optional, Optional.empty()));
                }
            }
        });
        return found;
    }

    private SqlView.Storage storage(Members header) {
        String schema = header.text("schema").orElse(SqlView.Storage.STANDARD.schema());
        if (!SqlLibraryReader.isName(schema)
                || schema.startsWith("pg_")
                || Set.of("sqlonfhir_store", "sqlonfhir_live").contains(schema)) {
            header.problem("schema", "a view cannot be in the schema \"" + schema + '"', "expected another schema");
        }
        List<List<String>> indexes = new ArrayList<>();
        for (Json index : header.list("indexes")) {
            switch (index) {
                case JsonArray(List<Json> items, int _)
                when !items.isEmpty() ->
                    indexes.add(items.stream()
                            .flatMap(item -> header.text(item).stream())
                            .toList());
                case JsonString(String column, int _) -> indexes.add(List.of(column));
                case Json other -> header.problem(other, "not an index", "expected a column or a list of columns");
            }
        }
        return new SqlView.Storage(schema, header.texts("unique-key"), indexes);
    }

    private SqlView.Upkeep upkeep(Members header) {
        Optional<Members> thresholds = header.object("thresholds")
                .map(found -> Members.of(underscoresAsHyphens(found.object()), found.source(), problems));
        thresholds.ifPresent(found -> found.requireKnown(Set.of("max-duration", "max-size"), "thresholds"));
        return new SqlView.Upkeep(
                time(header, "refresh-interval"),
                thresholds.flatMap(found -> time(found, "max-duration")),
                thresholds.flatMap(SqlFileReader::megabytes));
    }

    private static Optional<Long> megabytes(Members thresholds) {
        Optional<String> text = thresholds.text("max-size");
        if (text.isPresent() && !text.get().matches("[1-9][0-9]{0,8}")) {
            thresholds.problem("max-size", "not a size", "expected megabytes such as 50");
            return Optional.empty();
        }
        return text.map(Long::valueOf);
    }

    private static Optional<Duration> time(Members members, String name) {
        Optional<String> text = members.text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Matcher time = TIME.matcher(text.get());
        if (!time.matches()) {
            members.problem(name, "not a time", "expected a time such as 30s, 10m or 1h");
            return Optional.empty();
        }
        long number = Long.parseLong(time.group(1));
        return Optional.of(
                switch (time.group(2)) {
                    case "ms" -> Duration.ofMillis(number);
                    case "s" -> Duration.ofSeconds(number);
                    case "m" -> Duration.ofMinutes(number);
                    case "h" -> Duration.ofHours(number);
                    default -> Duration.ofDays(number);
                });
    }

    private static Map<String, String> columns(Members header) {
        Map<String, String> comments = new LinkedHashMap<>();
        header.object("columns")
                .ifPresent(columns -> columns.object()
                        .members()
                        .keySet()
                        .forEach(column -> columns.text(column).ifPresent(text -> comments.put(column, text))));
        return comments;
    }
}
