package org.researchflow.rf.view;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A JSON value that knows where in its file it stands. */
public sealed interface Json {

    /** The offset of the value's first character in the file. */
    int offset();

    /** An object; {@code names} holds the offset of each member's name. */
    record JsonObject(Map<String, Json> members, Map<String, Integer> names, int offset) implements Json {
        public Optional<Json> get(String name) {
            return Optional.ofNullable(members.get(name));
        }
    }

    /** An array. */
    record JsonArray(List<Json> items, int offset) implements Json {}

    /** A string, decoded. */
    record JsonString(String value, int offset) implements Json {}

    /** A number, with the digits as written. */
    record JsonNumber(String digits, int offset) implements Json {}

    /** {@code true} or {@code false}. */
    record JsonBoolean(boolean value, int offset) implements Json {}

    /** {@code null}. */
    record JsonNull(int offset) implements Json {}

    /** What this is, for a message: {@code an object}, {@code a string}, … */
    default String kind() {
        return switch (this) {
            case JsonObject _ -> "an object";
            case JsonArray _ -> "an array";
            case JsonString _ -> "a string";
            case JsonNumber _ -> "a number";
            case JsonBoolean _ -> "a boolean";
            case JsonNull _ -> "null";
        };
    }

    /**
     * Reads one JSON document.
     *
     * @throws org.researchflow.rf.Failure if the text is not JSON, pointing at the place
     */
    static Json parse(SourceText source) {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(500).build())
                .build();
        try (JsonParser parser = factory.createParser(source.text())) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                throw broken(source, 0, "expected a JSON object, found nothing");
            }
            Json value = read(parser, first);
            if (parser.nextToken() != null) {
                throw broken(source, offset(parser), "expected nothing after the document");
            }
            return value;
        } catch (JsonParseException e) {
            throw broken(source, (int) e.getLocation().getCharOffset(), e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static RuntimeException broken(SourceText source, int offset, String why) {
        // The parser also says where the surrounding object began, in words of its own.
        String remark =
                why.lines().findFirst().orElse(why).replaceFirst(" \\((for|start marker at) .*\\[Source: .*", "");
        return Problem.failure(List.of(Problem.at(source.place(offset), "broken JSON", remark)));
    }

    private static Json read(JsonParser parser, JsonToken token) throws IOException {
        int offset = offset(parser);
        return switch (token) {
            case START_OBJECT -> object(parser, offset);
            case START_ARRAY -> array(parser, offset);
            case VALUE_STRING -> new JsonString(parser.getText(), offset);
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new JsonNumber(parser.getText(), offset);
            case VALUE_TRUE -> new JsonBoolean(true, offset);
            case VALUE_FALSE -> new JsonBoolean(false, offset);
            default -> new JsonNull(offset);
        };
    }

    private static Json object(JsonParser parser, int offset) throws IOException {
        Map<String, Json> members = new LinkedHashMap<>();
        Map<String, Integer> names = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            names.put(name, offset(parser));
            members.put(name, read(parser, parser.nextToken()));
        }
        return new JsonObject(members, names, offset);
    }

    private static Json array(JsonParser parser, int offset) throws IOException {
        List<Json> items = new ArrayList<>();
        JsonToken token = parser.nextToken();
        while (token != JsonToken.END_ARRAY) {
            items.add(read(parser, token));
            token = parser.nextToken();
        }
        return new JsonArray(items, offset);
    }

    private static int offset(JsonParser parser) {
        return (int) parser.currentTokenLocation().getCharOffset();
    }
}
