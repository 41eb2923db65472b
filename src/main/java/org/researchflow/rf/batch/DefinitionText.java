package org.researchflow.rf.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A definition's JSON text: its canonical form, and the lines in which two of them differ. */
final class DefinitionText {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    private static final ObjectWriter PRETTY = JSON.writer(new DefaultPrettyPrinter()
            .withObjectIndenter(new DefaultIndenter("  ", "\n"))
            .withArrayIndenter(new DefaultIndenter("  ", "\n")));

    private DefinitionText() {}

    /** The same text for the same JSON, whatever its layout and the order of its members. */
    static String canonical(String json) {
        return write(JSON.writer(), json);
    }

    static Optional<String> description(String json) {
        return Optional.of(parse(json).path("description"))
                .filter(JsonNode::isTextual)
                .map(JsonNode::textValue);
    }

    /** The lines to take out of the old text and to put into it to get the new one, with {@code -} and {@code +}. */
    static List<String> difference(String oldJson, String newJson) {
        return differenceOfLines(write(PRETTY, oldJson), write(PRETTY, newJson));
    }

    /** The same of any texts. */
    static List<String> differenceOfLines(String oldText, String newText) {
        List<String> from = oldText.lines().toList();
        List<String> to = newText.lines().toList();
        int[][] common = commonSuffixes(from, to);
        List<String> lines = new ArrayList<>();
        int i = 0;
        int j = 0;
        while (i < from.size() || j < to.size()) {
            if (i < from.size() && j < to.size() && from.get(i).equals(to.get(j))) {
                i++;
                j++;
            } else if (j == to.size() || (i < from.size() && common[i + 1][j] >= common[i][j + 1])) {
                lines.add("- " + from.get(i++).strip());
            } else {
                lines.add("+ " + to.get(j++).strip());
            }
        }
        return lines;
    }

    /** The length of the longest common subsequence of what follows each pair of lines. */
    private static int[][] commonSuffixes(List<String> from, List<String> to) {
        int[][] common = new int[from.size() + 1][to.size() + 1];
        for (int i = from.size() - 1; i >= 0; i--) {
            for (int j = to.size() - 1; j >= 0; j--) {
                common[i][j] = from.get(i).equals(to.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
        return common;
    }

    private static String write(ObjectWriter writer, String json) {
        try {
            return writer.writeValueAsString(sorted(parse(json)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a parsed document cannot be written", e);
        }
    }

    private static Object sorted(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> members = new TreeMap<>();
            node.properties().forEach(member -> members.put(member.getKey(), sorted(member.getValue())));
            return members;
        }
        if (node.isArray()) {
            List<Object> elements = new ArrayList<>();
            node.forEach(element -> elements.add(sorted(element)));
            return elements;
        }
        return node;
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a definition that was read before is not JSON", e);
        }
    }
}
