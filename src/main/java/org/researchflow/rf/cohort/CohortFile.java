package org.researchflow.rf.cohort;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.view.Json;
import org.researchflow.rf.view.Json.JsonArray;
import org.researchflow.rf.view.Json.JsonBoolean;
import org.researchflow.rf.view.Json.JsonNull;
import org.researchflow.rf.view.Json.JsonNumber;
import org.researchflow.rf.view.Json.JsonObject;
import org.researchflow.rf.view.Json.JsonString;
import org.researchflow.rf.view.Problem;
import org.researchflow.rf.view.SourceText;
import org.researchflow.rf.view.Yaml;

/** Reads a cohort out of a JSON or YAML file: criteria, and groups of them within groups. */
public final class CohortFile {

    private static final Map<String, EventType> EVENTS = events();
    private static final List<String> GROUPS = List.of("all", "any", "none");
    private static final List<String> EVENT_MEMBERS = List.of("text", "since", "until", "status", "minOccurrences");
    private static final List<String> REMARKS = List.of("name", "description");
    private static final int DEEPEST = 50;

    private final SourceText source;
    private final LocalDate today;
    private final List<Problem> problems = new ArrayList<>();

    private CohortFile(SourceText source, LocalDate today) {
        this.source = source;
        this.today = today;
    }

    private static Map<String, EventType> events() {
        Map<String, EventType> events = new LinkedHashMap<>();
        for (EventType type : EventType.values()) {
            events.put(type.word(), type);
        }
        events.put("code", EventType.CONDITION);
        return events;
    }

    /**
     * Reads the text of a file; ages are as of today where it names no other day.
     *
     * @throws Failure that names every problem with its place
     */
    public static Cohort read(String file, String text, LocalDate today) {
        SourceText source = new SourceText(file, text.startsWith("\uFEFF") ? text.substring(1) : text);
        Json document =
                source.text().stripLeading().startsWith("{") ? Json.parse(source) : Yaml.parse(source, "a cohort");
        CohortFile reader = new CohortFile(source, today);
        Optional<Criterion> root = reader.criterion(document, 0);
        if (!reader.problems.isEmpty()) {
            throw Problem.failure(reader.problems);
        }
        Criterion criterion = root.orElseThrow();
        return new Cohort(criterion instanceof Group group ? group : Group.all(criterion));
    }

    private void problem(int offset, String what, String remark) {
        problems.add(Problem.at(source.place(offset), what, remark));
    }

    private Optional<Criterion> criterion(Json json, int depth) {
        if (!(json instanceof JsonObject object)) {
            problem(json.offset(), "a criterion cannot be " + json.kind(), "expected an object such as gender: male");
            return Optional.empty();
        }
        if (depth > DEEPEST) {
            problem(json.offset(), "groups are nested too deeply", "expected at most " + DEEPEST + " levels");
            return Optional.empty();
        }
        List<String> kinds = object.members().keySet().stream()
                .filter(name -> isKind(name) && !(name.equals("text") && hasEvent(object)))
                .toList();
        if (kinds.size() == 1) {
            return of(kinds.getFirst(), object, depth);
        }
        requireKnown(object, allNames());
        if (kinds.size() > 1) {
            problem(
                    offsetOf(object, kinds.get(1)),
                    "two criteria in one: " + String.join(" and ", kinds),
                    "expected one; put them into a group: all: [ … ]");
        } else if (object.members().keySet().stream().allMatch(allNames()::contains)) {
            problem(object.offset(), "no criterion here", "expected one of " + String.join(", ", kinds()));
        }
        return Optional.empty();
    }

    private static boolean isKind(String name) {
        return kinds().contains(name);
    }

    private static boolean hasEvent(JsonObject object) {
        return object.members().keySet().stream().anyMatch(EVENTS::containsKey);
    }

    private static List<String> kinds() {
        List<String> kinds = new ArrayList<>(GROUPS);
        kinds.addAll(List.of("gender", "age", "birthdate", "deceased"));
        kinds.addAll(EVENTS.keySet());
        kinds.add("text");
        return kinds;
    }

    private static List<String> allNames() {
        Set<String> names = new LinkedHashSet<>(kinds());
        names.add("at");
        names.addAll(EVENT_MEMBERS);
        names.addAll(REMARKS);
        return List.copyOf(names);
    }

    private Optional<Criterion> of(String kind, JsonObject object, int depth) {
        List<String> allowed = new ArrayList<>(REMARKS);
        allowed.add(kind);
        allowed.addAll(
                switch (kind) {
                    case "all", "any", "none", "gender", "birthdate", "deceased" -> List.<String>of();
                    case "age" -> List.of("at");
                    default -> EVENT_MEMBERS;
                });
        requireKnown(object, allowed);
        return switch (kind) {
            case "all" -> group(Group.Kind.ALL, kind, object, depth);
            case "any" -> group(Group.Kind.ANY, kind, object, depth);
            case "none" -> group(Group.Kind.NONE, kind, object, depth);
            case "gender" -> parsed(object, kind, Gender::parse);
            case "age" -> {
                LocalDate at = day(object, "at", DateRange::to).orElse(today);
                yield parsed(object, kind, texts -> Age.parse(texts, at));
            }
            case "birthdate" -> parsed(object, kind, BirthDate::parse);
            case "deceased" -> deceased(object);
            default -> event(kind, object);
        };
    }

    private void requireKnown(JsonObject object, List<String> allowed) {
        for (String name : object.members().keySet()) {
            if (!allowed.contains(name)) {
                boolean elsewhere = allNames().contains(name);
                problems.add(new Problem(
                        source.place(offsetOf(object, name)),
                        elsewhere
                                ? "\"" + name + "\" does not go with \"" + allowed.get(REMARKS.size()) + "\""
                                : "no \"" + Quoted.shown(name) + "\" in a criterion",
                        "expected one of " + String.join(", ", allowed),
                        elsewhere ? Optional.empty() : Suggestion.nearest(name, allowed)));
            }
        }
    }

    private static int offsetOf(JsonObject object, String name) {
        return object.names().getOrDefault(name, object.offset());
    }

    private static Json member(JsonObject object, String name) {
        return object.get(name).orElseGet(() -> new JsonNull(object.offset()));
    }

    private Optional<Criterion> group(Group.Kind of, String kind, JsonObject object, int depth) {
        if (!(member(object, kind) instanceof JsonArray(List<Json> items, int _))) {
            problem(member(object, kind).offset(), "\"" + kind + "\" is no list", "expected a list of criteria");
            return Optional.empty();
        }
        if (items.isEmpty()) {
            problem(member(object, kind).offset(), "an empty group", "expected a criterion");
            return Optional.empty();
        }
        List<Criterion> members = new ArrayList<>();
        for (Json item : items) {
            criterion(item, depth + 1).ifPresent(members::add);
        }
        return Optional.of(new Group(of, members));
    }

    private Optional<Criterion> deceased(JsonObject object) {
        if (member(object, "deceased") instanceof JsonBoolean(boolean died, int _)) {
            return Optional.of(new Deceased(died));
        }
        problem(
                member(object, "deceased").offset(),
                "\"deceased\" is neither true nor false",
                "expected true or false");
        return Optional.empty();
    }

    private Optional<Criterion> event(String kind, JsonObject object) {
        EventType type = EVENTS.getOrDefault(kind, EventType.CONDITION);
        List<Finding> findings = new ArrayList<>();
        if (!kind.equals("text")) {
            findings.addAll(findings(
                    object,
                    kind,
                    type == EventType.OBSERVATION ? ValueParser::parse : text -> new Finding.OfCode(Code.parse(text))));
        }
        if (object.get("text").isPresent()) {
            findings.addAll(findings(object, "text", text -> new Finding.OfText(Term.parse(text))));
        }
        Occurrence occurrence = new Occurrence(
                day(object, "since", DateRange::from),
                day(object, "until", DateRange::to),
                statuses(object, type),
                atLeast(object));
        return findings.isEmpty() ? Optional.empty() : Optional.of(new Event(type, findings, occurrence));
    }

    private List<Finding> findings(JsonObject object, String name, Function<String, Finding> finding) {
        List<Finding> findings = new ArrayList<>();
        for (Json item : items(object, name)) {
            text(item).flatMap(text -> attempt(item, () -> finding.apply(text))).ifPresent(findings::add);
        }
        return findings.stream().distinct().toList();
    }

    private List<String> statuses(JsonObject object, EventType type) {
        if (object.get("status").isEmpty()) {
            return List.of();
        }
        List<String> statuses = new ArrayList<>();
        for (Json item : items(object, "status")) {
            text(item).ifPresent(status -> {
                attempt(item, () -> {
                    Statuses.requireKnown(List.of(status), type);
                    return status;
                });
                statuses.add(status);
            });
        }
        return statuses;
    }

    private int atLeast(JsonObject object) {
        Optional<Json> number = object.get("minOccurrences");
        if (number.isEmpty()) {
            return 1;
        }
        String digits = text(number.get()).orElse("");
        if (!digits.matches("[1-9][0-9]{0,5}")) {
            problem(number.get().offset(), "\"minOccurrences\" is no number from 1 on", "expected a number such as 2");
            return 1;
        }
        return Integer.parseInt(digits);
    }

    private Optional<LocalDate> day(JsonObject object, String name, Function<DateRange, Optional<LocalDate>> end) {
        return object.get(name)
                .flatMap(json -> text(json)
                        .flatMap(text -> attempt(json, () -> DateRange.ofOne("\"" + name + "\"", text)))
                        .flatMap(end));
    }

    /** One value, or several in a list: none is an error. */
    private List<Json> items(JsonObject object, String name) {
        Json value = member(object, name);
        if (!(value instanceof JsonArray(List<Json> items, int _))) {
            return List.of(value);
        }
        if (items.isEmpty()) {
            problem(value.offset(), "\"" + name + "\" is empty", "expected a value");
        }
        return items;
    }

    private Optional<Criterion> parsed(JsonObject object, String name, Function<List<String>, Criterion> parse) {
        List<String> texts = new ArrayList<>();
        for (Json item : items(object, name)) {
            text(item).ifPresent(text -> {
                attempt(item, () -> parse.apply(List.of(text))).ifPresent(_ -> texts.add(text));
            });
        }
        return texts.isEmpty() ? Optional.empty() : Optional.of(parse.apply(texts));
    }

    /** A text, or a number with the digits as written: codes look like numbers. */
    private Optional<String> text(Json json) {
        return switch (json) {
            case JsonString(String value, int _) when value.indexOf('\0') < 0 -> Optional.of(value);
            case JsonNumber(String digits, int _) -> Optional.of(digits);
            case JsonString _ -> {
                problem(json.offset(), "a text with the character U+0000", "PostgreSQL cannot hold it");
                yield Optional.empty();
            }
            case JsonObject _, JsonArray _, JsonBoolean _, JsonNull _ -> {
                problem(json.offset(), "a value cannot be " + json.kind(), "expected a text");
                yield Optional.empty();
            }
        };
    }

    /** Something read that does not know its place. */
    @FunctionalInterface
    private interface Attempt<T> {
        T read();
    }

    private <T> Optional<T> attempt(Json at, Attempt<T> attempt) {
        try {
            return Optional.of(attempt.read());
        } catch (Failure e) {
            String remark = e.notes().getOrDefault("try", List.of("expected another value")).stream()
                    .collect(Collectors.joining("; "));
            problems.add(new Problem(
                    source.place(at.offset()),
                    e.what(),
                    remark,
                    e.notes().getOrDefault("did you mean", List.of()).stream().findFirst()));
            return Optional.empty();
        }
    }
}
