package org.researchflow.rf.view;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.view.Json.JsonArray;
import org.researchflow.rf.view.Json.JsonBoolean;
import org.researchflow.rf.view.Json.JsonNumber;
import org.researchflow.rf.view.Json.JsonObject;
import org.researchflow.rf.view.Json.JsonString;

/**
 * The members of an object in a document, asked for by name and kind; what is of another kind is a problem of the document.
 *
 * @param source the document
 * @param problems to which those found are added
 */
record Members(JsonObject object, SourceText source, List<Problem> problems) {

    /** A document, which has to be an object. */
    static Members of(Json document, SourceText source, List<Problem> problems) {
        if (document instanceof JsonObject object) {
            return new Members(object, source, problems);
        }
        throw Problem.failure(List.of(Problem.at(
                source.place(document.offset()), "not an object", "expected an object, found " + document.kind())));
    }

    Optional<Json> get(String name) {
        return object.get(name);
    }

    Optional<String> text(String name) {
        return get(name).flatMap(this::text);
    }

    /** A scalar's text, as YAML leaves it open whether {@code 2026} is a number. */
    Optional<String> text(Json value) {
        return switch (value) {
            case JsonString(String text, int _) -> Optional.of(text);
            case JsonNumber(String digits, int _) -> Optional.of(digits);
            case JsonBoolean(boolean truth, int _) -> Optional.of(Boolean.toString(truth));
            case Json other -> {
                problem(other, "not a text", "expected a text, found " + other.kind());
                yield Optional.empty();
            }
        };
    }

    /** The items of a list; one alone may stand for a list of one. */
    List<Json> list(String name) {
        return get(name)
                .map(value -> value instanceof JsonArray(List<Json> items, int _) ? items : List.of(value))
                .orElse(List.of());
    }

    /** The texts of a list. */
    List<String> texts(String name) {
        return list(name).stream().flatMap(item -> text(item).stream()).toList();
    }

    /** The objects of a list. */
    List<Members> objects(String name) {
        return list(name).stream().flatMap(item -> object(item).stream()).toList();
    }

    Optional<Members> object(String name) {
        return get(name).flatMap(this::object);
    }

    private Optional<Members> object(Json value) {
        if (value instanceof JsonObject inner) {
            return Optional.of(new Members(inner, source, problems));
        }
        problem(value, "not an object", "expected an object, found " + value.kind());
        return Optional.empty();
    }

    /** Where a member's name stands; the object itself where it is missing. */
    int offset(String member) {
        return object.names().getOrDefault(member, object.offset());
    }

    void problem(Json at, String what, String remark) {
        problems.add(Problem.at(source.place(at.offset()), what, remark));
    }

    void problem(String member, String what, String remark) {
        problems.add(Problem.at(source.place(offset(member)), what, remark));
    }

    /** A misspelt member would be something that is silently not there. */
    void requireKnown(Set<String> known, String of) {
        for (String member : object.members().keySet()) {
            if (!known.contains(member)) {
                problems.add(new Problem(
                        source.place(offset(member)),
                        "no member \"" + member + "\" here",
                        "not a member of " + of,
                        Suggestion.nearest(member, known)));
            }
        }
    }
}
