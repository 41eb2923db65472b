package org.researchflow.rf.view;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.researchflow.rf.Failure;

/** A {@code Library} resource that is a SQLView or a SQLQuery, into a {@link SqlLibrary}. */
final class SqlLibraryReader {

    static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    /** PostgreSQL cuts longer identifiers off. */
    static final int LONGEST_NAME = 63;

    private static final Pattern CONTENT_TYPE = Pattern.compile("application/sql\\s*(;.*)?");
    private static final Pattern DIALECT = Pattern.compile(".*;\\s*dialect\\s*=\\s*\"?([^\";]*)\"?\\s*(;.*)?");
    private static final Set<String> OURS = Set.of("postgresql", "postgres");

    private final SourceText source;
    private final List<Problem> problems = new ArrayList<>();

    private SqlLibraryReader(SourceText source) {
        this.source = source;
    }

    static SqlLibrary read(SourceText source) {
        return new SqlLibraryReader(source).library();
    }

    private SqlLibrary library() {
        Members library = Members.of(Json.parse(source), source, problems);
        if (!library.text("resourceType").equals(Optional.of("Library"))) {
            library.problem("resourceType", "not a Library", "expected \"resourceType\": \"Library\"");
        }
        boolean query = kind(library).equals("sql-query");
        String name = name(library);
        Optional<String> sql = sql(library);
        List<Dependency> dependencies = dependencies(library);
        List<SqlParameter> parameters = parameters(library);
        if (!query && library.get("parameter").isPresent()) {
            library.problem("parameter", "a SQLView has no parameters", "a SQLQuery may have some");
        }
        if (!problems.isEmpty() || sql.isEmpty()) {
            throw Problem.failure(problems);
        }
        // Places in decoded SQL are of no use in the file that holds it encoded.
        SqlText text = SqlText.parse(new SourceText(source.file() + " (its SQL)", sql.get()), 0);
        requireDeclared(name, text, parameters);
        return query
                ? new SqlQuery(name, library.text("description"), text, dependencies, parameters, source)
                : new SqlView(
                        name,
                        library.text("url"),
                        library.text("description"),
                        text,
                        dependencies,
                        SqlView.Storage.STANDARD,
                        SqlView.Upkeep.STANDARD,
                        Map.of(),
                        source);
    }

    static void requireDeclared(String name, SqlText sql, List<SqlParameter> parameters) {
        Set<String> declared = new HashSet<>();
        parameters.forEach(parameter -> declared.add(parameter.name()));
        for (String used : sql.parameters()) {
            if (!declared.contains(used)) {
                throw Failure.usage("the SQL of " + name + " has a parameter :" + used + " that is not declared")
                        .note(
                                "why",
                                declared.isEmpty()
                                        ? "no parameter is declared; only a SQLQuery can have some"
                                        : "declared are "
                                                + String.join(
                                                        ", ",
                                                        declared.stream()
                                                                .sorted()
                                                                .toList()));
            }
        }
    }

    private String kind(Members library) {
        List<String> codes = library.object("type").stream()
                .flatMap(type -> type.objects("coding").stream())
                .flatMap(coding -> coding.text("code").stream())
                .filter(Set.of("sql-view", "sql-query")::contains)
                .toList();
        if (codes.size() != 1) {
            library.problem(
                    "type",
                    "neither a SQLView nor a SQLQuery",
                    "expected one coding with the code sql-view or sql-query");
            return "";
        }
        return codes.getFirst();
    }

    private String name(Members library) {
        Optional<String> name = library.text("name");
        if (name.isEmpty() || !isName(name.get())) {
            library.problem("name", "a name is missing", "expected a letter, then letters, digits and _; at most 63");
        }
        return name.orElse("");
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches() && name.length() <= LONGEST_NAME;
    }

    /** The variant for PostgreSQL, else the one for any database. */
    private Optional<String> sql(Members library) {
        Optional<Members> plain = Optional.empty();
        Optional<Members> ours = Optional.empty();
        List<String> others = new ArrayList<>();
        for (Members content : library.objects("content")) {
            String type = content.text("contentType").orElse("").toLowerCase(Locale.ROOT);
            if (!CONTENT_TYPE.matcher(type).matches()) {
                continue;
            }
            var dialect = DIALECT.matcher(type);
            if (!dialect.matches()) {
                plain = plain.or(() -> Optional.of(content));
            } else if (OURS.contains(dialect.group(1).strip())) {
                ours = ours.or(() -> Optional.of(content));
            } else {
                others.add(dialect.group(1).strip());
            }
        }
        Optional<Members> chosen = ours.isPresent() ? ours : plain;
        if (chosen.isEmpty()) {
            library.problem(
                    "content",
                    others.isEmpty()
                            ? "there is no SQL"
                            : "there is SQL for " + String.join(", ", others) + ", but none for PostgreSQL",
                    "expected a contentType application/sql, or application/sql;dialect=postgresql");
        }
        return chosen.flatMap(this::decoded);
    }

    private Optional<String> decoded(Members content) {
        Optional<String> data = content.text("data");
        if (data.isEmpty()) {
            content.problem("data", "there is no data", "expected the SQL in base64");
            return Optional.empty();
        }
        try {
            byte[] bytes = Base64.getDecoder().decode(data.get().replaceAll("\\s", ""));
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            content.problem("data", "the data are not SQL in base64", "expected UTF-8 text in base64");
            return Optional.empty();
        }
    }

    private List<Dependency> dependencies(Members library) {
        List<Dependency> found = new ArrayList<>();
        Set<String> labels = new HashSet<>();
        for (Members related : library.objects("relatedArtifact")) {
            if (!related.text("type").equals(Optional.of("depends-on"))) {
                continue;
            }
            Optional<String> target = related.text("resource").or(() -> related.text("url"));
            Optional<String> label = related.text("label");
            if (target.isEmpty()) {
                related.problem("resource", "it does not say what this depends on", "expected a canonical URL");
            } else if (label.isEmpty() || !isName(label.get())) {
                related.problem("label", "a dependency needs a label", "expected the table's name in the SQL");
            } else if (!labels.add(label.get().toLowerCase(Locale.ROOT))) {
                related.problem("label", "label \"" + label.get() + "\" twice", "expected each label once");
            } else {
                found.add(new Dependency(label.get(), target.get()));
            }
        }
        return found;
    }

    private List<SqlParameter> parameters(Members library) {
        List<SqlParameter> found = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Members parameter : library.objects("parameter")) {
            if (!parameter.text("use").orElse("in").equals("in")) {
                continue;
            }
            String name = parameter.text("name").orElse("");
            String type = parameter.text("type").orElse("");
            Optional<ParameterType> known = ParameterType.of(type);
            if (!isName(name) || !names.add(name)) {
                parameter.problem("name", "a parameter needs a name of its own", "expected letters, digits and _");
            } else if (known.isEmpty()) {
                parameter.problem(
                        "type",
                        "parameter \"" + name + "\" has no type that can be bound",
                        "expected a primitive type such as string, integer or date");
            } else {
                found.add(new SqlParameter(
                        name,
                        known.get(),
                        !parameter.text("min").orElse("1").equals("0"),
                        parameter.text("documentation")));
            }
        }
        return found;
    }
}
