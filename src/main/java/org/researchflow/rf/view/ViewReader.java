package org.researchflow.rf.view;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.view.ColumnDefinition.Tag;
import org.researchflow.rf.view.Json.JsonArray;
import org.researchflow.rf.view.Json.JsonBoolean;
import org.researchflow.rf.view.Json.JsonObject;
import org.researchflow.rf.view.Json.JsonString;
import org.researchflow.rf.view.Selection.ForEach;
import org.researchflow.rf.view.Selection.ForEachOrNull;
import org.researchflow.rf.view.Selection.Iteration;
import org.researchflow.rf.view.Selection.Once;
import org.researchflow.rf.view.Selection.Repeat;

/**
 * ViewDefinition JSON, 2.0.0 or 3.0.0, into a {@link ViewDefinition}. All that is wrong with the document's form is
 * found in one run.
 */
public final class ViewReader {

    /** What a view or a column may be called, by the specification. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");

    /** PostgreSQL cuts longer identifiers off, and two columns would become one. */
    private static final int LONGEST_NAME = 63;

    private static final Set<String> CONSTANT_TYPES = Set.of(
            "base64Binary",
            "boolean",
            "canonical",
            "code",
            "date",
            "dateTime",
            "decimal",
            "id",
            "instant",
            "integer",
            "integer64",
            "oid",
            "positiveInt",
            "string",
            "time",
            "unsignedInt",
            "uri",
            "url",
            "uuid");

    private static final Set<String> SELECT_MEMBERS =
            Set.of("column", "select", "forEach", "forEachOrNull", "repeat", "unionAll");

    /** What the specification's StructureDefinition and its base types allow in the view itself. */
    private static final Set<String> VIEW_MEMBERS = Set.of(
            "resourceType",
            "id",
            "meta",
            "implicitRules",
            "language",
            "text",
            "contained",
            "extension",
            "modifierExtension",
            "url",
            "identifier",
            "version",
            "versionAlgorithmString",
            "versionAlgorithmCoding",
            "name",
            "title",
            "status",
            "experimental",
            "date",
            "publisher",
            "contact",
            "description",
            "useContext",
            "jurisdiction",
            "purpose",
            "copyright",
            "copyrightLabel",
            "approvalDate",
            "lastReviewDate",
            "effectivePeriod",
            "topic",
            "author",
            "editor",
            "reviewer",
            "endorser",
            "relatedArtifact",
            "resource",
            "resourceDefinition",
            "profile",
            "fhirVersion",
            "constant",
            "where",
            "select");

    private static final Set<String> COLUMN_MEMBERS =
            Set.of("id", "extension", "modifierExtension", "path", "name", "description", "collection", "type", "tag");

    private final SourceText source;
    private final List<Problem> problems = new ArrayList<>();

    private ViewReader(SourceText source) {
        this.source = source;
    }

    /**
     * Reads a view that will be known by its name.
     *
     * @param file the file's name, for messages
     * @throws org.researchflow.rf.Failure naming every problem of the document with its place
     */
    public static ViewDefinition read(String file, String text) {
        return draft(file, text).whole();
    }

    /** Reads a view whose document may have no name: {@code name} is what it is called then. */
    public static ViewDefinition read(String file, String text, String name) {
        return draft(new SourceText(file, text), Optional.of(name)).whole();
    }

    /** Reads a view that will be known by its name, as far as that is possible. */
    public static Draft draft(String file, String text) {
        return draft(new SourceText(file, text), Optional.empty());
    }

    private static Draft draft(SourceText source, Optional<String> unnamed) {
        ViewReader reader = new ViewReader(source);
        ViewDefinition view = reader.view(reader.document(), unnamed);
        return new Draft(view, reader.problems);
    }

    private JsonObject document() {
        Json document = Json.parse(source);
        if (document instanceof JsonObject object) {
            return object;
        }
        problem(document, "not a ViewDefinition", "expected an object, found " + document.kind());
        throw Problem.failure(problems);
    }

    private ViewDefinition view(JsonObject object, Optional<String> unnamed) {
        object.get("resourceType").flatMap(this::string).ifPresent(type -> {
            if (!type.value().equals("ViewDefinition") && !type.value().endsWith("/ViewDefinition")) {
                problem(type, "not a ViewDefinition", "this is a " + type.value());
            }
        });
        checkMembers(object, VIEW_MEMBERS);
        PathText resource = object.get("resource")
                .flatMap(this::string)
                .map(this::path)
                .orElseGet(() -> missing(object, "resource", "\"resource\": \"Patient\""));
        List<Selection> selects = list(object, "select").stream()
                .flatMap(item -> selection(item).stream())
                .toList();
        if (list(object, "select").isEmpty()) {
            missing(object, "select", "\"select\": [{\"column\": [...]}]");
        }
        return new ViewDefinition(
                name(object, unnamed),
                resource,
                fhirVersions(object),
                text(object, "description"),
                constants(object),
                list(object, "where").stream()
                        .flatMap(item -> object(item).flatMap(w -> requiredPath(w, "path")).stream())
                        .toList(),
                selects,
                source);
    }

    private String name(JsonObject object, Optional<String> unnamed) {
        Optional<JsonString> name = object.get("name").flatMap(this::string);
        if (name.isPresent()) {
            checkName(name.get(), "view");
            return name.get().value();
        }
        return unnamed.orElseGet(
                () -> missing(object, "name", "\"name\": \"my_view\"").text());
    }

    private List<String> fhirVersions(JsonObject object) {
        return object.get("fhirVersion").stream()
                .flatMap(v -> v instanceof JsonArray array ? array.items().stream() : List.of(v).stream())
                .flatMap(v -> string(v).stream())
                .map(JsonString::value)
                .toList();
    }

    private List<Constant> constants(JsonObject view) {
        List<Constant> constants = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Json item : list(view, "constant")) {
            object(item).ifPresent(constant -> {
                Optional<JsonString> name = constant.get("name").flatMap(this::string);
                if (name.isEmpty()) {
                    missing(constant, "name", "\"name\": \"my_constant\"");
                } else if (!NAME.matcher(name.get().value()).matches()) {
                    problem(name.get(), "not a constant's name", "expected letters, digits and _");
                } else if (!seen.add(name.get().value())) {
                    problem(name.get(), "constant \"" + name.get().value() + "\" twice", "already defined above");
                } else {
                    value(constant, name.get().value()).ifPresent(constants::add);
                }
            });
        }
        return constants;
    }

    private Optional<Constant> value(JsonObject constant, String name) {
        List<String> values = constant.members().keySet().stream()
                .filter(member -> member.startsWith("value"))
                .toList();
        if (values.size() != 1) {
            problem(constant, "constant \"" + name + "\" needs exactly one value", "expected one value[x]");
            return Optional.empty();
        }
        String member = values.getFirst();
        Json value = constant.get(member).orElse(constant);
        String type = member.length() > 5 ? Character.toLowerCase(member.charAt(5)) + member.substring(6) : "";
        if (!CONSTANT_TYPES.contains(type)) {
            problem(
                    nameOf(constant, member),
                    "unknown type of constant \"" + name + "\"",
                    "expected one of " + CONSTANT_TYPES.stream().sorted().toList());
            return Optional.empty();
        }
        Optional<String> text = Constant.text(type, value);
        if (text.isEmpty()) {
            problem(value, "constant \"" + name + "\" is no " + type, "expected a value of type " + type);
        }
        return text.map(t -> new Constant(name, type, t));
    }

    private Optional<Selection> selection(Json item) {
        Optional<JsonObject> found = object(item);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JsonObject select = found.get();
        checkMembers(select, SELECT_MEMBERS);
        if (select.members().keySet().stream().noneMatch(SELECT_MEMBERS::contains)) {
            problem(select, "a select without content", "expected column, select, unionAll, forEach or repeat");
        }
        Selection selection = new Selection(
                iteration(select),
                list(select, "column").stream().flatMap(c -> column(c).stream()).toList(),
                list(select, "select").stream()
                        .flatMap(s -> selection(s).stream())
                        .toList(),
                list(select, "unionAll").stream()
                        .flatMap(s -> selection(s).stream())
                        .toList(),
                place(select));
        // What its paths start from is anybody's guess.
        return directives(select).size() > 1 ? Optional.empty() : Optional.of(selection);
    }

    private static List<String> directives(JsonObject select) {
        return List.of("forEach", "forEachOrNull", "repeat").stream()
                .filter(select.members()::containsKey)
                .toList();
    }

    private Iteration iteration(JsonObject select) {
        List<String> directives = directives(select);
        if (directives.size() > 1) {
            problem(
                    nameOf(select, directives.get(1)),
                    "a select cannot have both " + directives.get(0) + " and " + directives.get(1),
                    "put one of them into a nested select");
        }
        if (directives.isEmpty()) {
            return new Once();
        }
        Json value = select.get(directives.getFirst()).orElse(select);
        return switch (directives.getFirst()) {
            case "forEach" ->
                string(value).<Iteration>map(s -> new ForEach(path(s))).orElseGet(Once::new);
            case "forEachOrNull" ->
                string(value).<Iteration>map(s -> new ForEachOrNull(path(s))).orElseGet(Once::new);
            default -> new Repeat(repeatPaths(select));
        };
    }

    private List<PathText> repeatPaths(JsonObject select) {
        List<PathText> paths = list(select, "repeat").stream()
                .flatMap(p -> string(p).map(this::path).stream())
                .toList();
        if (paths.isEmpty() && problems.isEmpty()) {
            problem(nameOf(select, "repeat"), "repeat needs at least one path", "expected [\"item\"]");
        }
        return paths;
    }

    private Optional<ColumnDefinition> column(Json item) {
        Optional<JsonObject> found = object(item);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        JsonObject column = found.get();
        checkMembers(column, COLUMN_MEMBERS);
        Optional<JsonString> name = column.get("name").flatMap(this::string);
        if (name.isEmpty()) {
            missing(column, "name", "\"name\": \"my_column\"");
        }
        name.ifPresent(n -> checkName(n, "column"));
        Optional<PathText> path = requiredPath(column, "path");
        if (name.isEmpty() || path.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new ColumnDefinition(
                name.get().value(),
                path.get(),
                text(column, "type"),
                flag(column, "collection"),
                text(column, "description"),
                tags(column),
                place(name.get())));
    }

    private List<Tag> tags(JsonObject column) {
        List<Tag> tags = new ArrayList<>();
        for (Json item : list(column, "tag")) {
            object(item).ifPresent(tag -> {
                Optional<String> name = text(tag, "name");
                Optional<String> value = text(tag, "value");
                if (name.isPresent() && value.isPresent()) {
                    tags.add(new Tag(
                            name.get(), value.get(), place(tag.get("value").orElse(tag))));
                } else {
                    problem(tag, "a tag needs a name and a value", "expected \"name\" and \"value\"");
                }
            });
        }
        return tags;
    }

    /** A misspelt member would be a filter or an iteration that is silently not there. */
    private void checkMembers(JsonObject object, Set<String> known) {
        for (String member : object.members().keySet()) {
            if (!known.contains(member) && !member.startsWith("_")) {
                Suggestion.nearest(member, known)
                        .ifPresent(near -> problems.add(new Problem(
                                place(nameOf(object, member)),
                                "no member \"" + member + "\" here",
                                "not a member of a ViewDefinition",
                                Optional.of(near))));
            }
        }
    }

    private void checkName(JsonString name, String of) {
        if (!NAME.matcher(name.value()).matches()) {
            problem(
                    name,
                    "not a " + of + "'s name: \"" + name.value() + "\"",
                    "expected a letter, then letters, digits and _");
        } else if (name.value().length() > LONGEST_NAME) {
            problem(
                    name,
                    "this " + of + "'s name is too long for PostgreSQL",
                    "expected at most " + LONGEST_NAME + " characters, found "
                            + name.value().length());
        }
    }

    private Optional<PathText> requiredPath(JsonObject parent, String member) {
        Optional<Json> value = parent.get(member);
        if (value.isEmpty()) {
            missing(parent, member, "\"" + member + "\": \"a FHIRPath expression\"");
        }
        return value.flatMap(this::string).map(this::path);
    }

    private PathText path(JsonString text) {
        return new PathText(text.value(), source, text.offset());
    }

    private Optional<String> text(JsonObject object, String member) {
        return object.get(member).flatMap(this::string).map(JsonString::value);
    }

    private boolean flag(JsonObject object, String member) {
        Optional<Json> value = object.get(member);
        if (value.isPresent() && !(value.get() instanceof JsonBoolean)) {
            problem(value.get(), "\"" + member + "\" is not a boolean", "expected true or false");
        }
        return value.map(v -> v instanceof JsonBoolean(boolean b, int _) && b).orElse(false);
    }

    private List<Json> list(JsonObject object, String member) {
        Optional<Json> value = object.get(member);
        if (value.isPresent() && !(value.get() instanceof JsonArray)) {
            problem(
                    value.get(),
                    "\"" + member + "\" is not an array",
                    "expected an array, found " + value.get().kind());
        }
        return value.map(v -> v instanceof JsonArray array ? array.items() : List.<Json>of())
                .orElse(List.of());
    }

    private Optional<JsonObject> object(Json value) {
        if (value instanceof JsonObject object) {
            return Optional.of(object);
        }
        problem(value, "not an object", "expected an object, found " + value.kind());
        return Optional.empty();
    }

    private Optional<JsonString> string(Json value) {
        if (value instanceof JsonString string) {
            return Optional.of(string);
        }
        problem(value, "not a string", "expected a string, found " + value.kind());
        return Optional.empty();
    }

    private PathText missing(JsonObject object, String member, String example) {
        problem(object, "no \"" + member + "\"", "expected " + example + " in this object");
        return new PathText("", source, object.offset());
    }

    private JsonString nameOf(JsonObject object, String member) {
        return new JsonString(member, object.names().getOrDefault(member, object.offset()));
    }

    private Place place(Json value) {
        return source.place(value.offset());
    }

    private void problem(Json at, String what, String remark) {
        problems.add(Problem.at(place(at), what, remark));
    }
}
