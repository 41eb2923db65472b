package org.researchflow.rf.terminology;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/**
 * Reads a CodeSystem as it comes, without building a tree of it: concepts within concepts, and the properties
 * {@code parent}, {@code subsumedBy} and {@code child}.
 */
final class CodeSystemReader {

    private static final Set<String> ABOVE = Set.of("parent", "subsumedBy");
    private static final String BELOW = "child";

    private final String name;
    private final JsonParser json;
    private final CodeTree.Growing tree = new CodeTree.Growing();
    private final Set<String> own = new HashSet<>();
    private String type = "";
    private @Nullable String url;
    private @Nullable String version;
    private String meaning = "is-a";
    private String content = "complete";

    CodeSystemReader(String name, JsonParser json) {
        this.name = name;
        this.json = json;
    }

    CodeTree read() throws IOException {
        json.nextToken();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String member = json.currentName();
            JsonToken value = json.nextToken();
            switch (member) {
                case "resourceType" -> type = text(value).orElse("");
                case "url" -> url = text(value).orElse(null);
                case "version" -> version = text(value).orElse(null);
                case "hierarchyMeaning" -> meaning = text(value).orElse(meaning);
                case "content" -> content = text(value).orElse(content);
                case "concept" -> concepts(value);
                default -> json.skipChildren();
            }
        }
        return checked();
    }

    private CodeTree checked() {
        String system = url;
        if (!type.equals("CodeSystem") || system == null || system.isBlank()) {
            throw Failure.usage(name + " is no CodeSystem with a url")
                    .note("why", "expected \"resourceType\": \"CodeSystem\" and \"url\"");
        }
        if (!meaning.equals("is-a")) {
            throw Failure.usage("in " + name + " a code below another one is no kind of it")
                    .note("why", "hierarchyMeaning is \"" + meaning + "\", not \"is-a\"");
        }
        CodeTree read = tree.grown(system, Optional.ofNullable(version));
        if (read.codes().isEmpty()) {
            throw Failure.usage("no code in " + name).note("why", "content is \"" + content + '"');
        }
        return read;
    }

    /** Returns the places of the concepts in a list. */
    private List<Integer> concepts(JsonToken value) throws IOException {
        List<Integer> places = new ArrayList<>();
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return places;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            places.add(concept());
        }
        return places;
    }

    private int concept() throws IOException {
        Optional<String> code = Optional.empty();
        List<Integer> children = new ArrayList<>();
        List<Property> properties = new ArrayList<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String member = json.currentName();
            JsonToken value = json.nextToken();
            switch (member) {
                case "code" -> code = text(value);
                case "concept" -> children.addAll(concepts(value));
                case "property" -> properties(value, properties);
                default -> json.skipChildren();
            }
        }
        String own = code.filter(text -> !text.isBlank()).orElseThrow(this::withoutCode);
        if (!this.own.add(own)) {
            throw Failure.usage("code " + own + " is there twice, at " + place());
        }
        int place = tree.place(own);
        children.forEach(child -> tree.link(child, place));
        for (Property property : properties) {
            int other = tree.place(property.code());
            if (property.name().equals(BELOW)) {
                tree.link(other, place);
            } else {
                tree.link(place, other);
            }
        }
        return place;
    }

    private record Property(String name, String code) {}

    private void properties(JsonToken value, List<Property> found) throws IOException {
        if (value != JsonToken.START_ARRAY) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.START_OBJECT) {
            Optional<String> property = Optional.empty();
            Optional<String> code = Optional.empty();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String member = json.currentName();
                JsonToken token = json.nextToken();
                switch (member) {
                    case "code" -> property = text(token);
                    case "valueCode", "valueString" -> code = text(token);
                    default -> json.skipChildren();
                }
            }
            String named = property.orElse("");
            if (ABOVE.contains(named) || named.equals(BELOW)) {
                code.filter(text -> !text.isBlank()).ifPresent(other -> found.add(new Property(named, other)));
            }
        }
    }

    private Failure withoutCode() {
        return Failure.usage("a concept without a code, at " + place());
    }

    private String place() {
        return name
                + ':'
                + json.currentLocation().getLineNr()
                + ':'
                + json.currentLocation().getColumnNr();
    }

    private Optional<String> text(JsonToken value) throws IOException {
        if (value == JsonToken.VALUE_STRING) {
            String text = json.getText();
            if (text.indexOf('\0') >= 0) {
                throw Failure.usage("a text with the character \\u0000, at " + place());
            }
            return Optional.of(text);
        }
        json.skipChildren();
        return Optional.empty();
    }
}
