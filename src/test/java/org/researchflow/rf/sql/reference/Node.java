package org.researchflow.rf.sql.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An item of a FHIRPath collection.
 *
 * @param type what the name of a choice element says: {@code quantity} of {@code valueQuantity}; else empty
 */
record Node(JsonNode json, String type) {

    static Node of(JsonNode json) {
        return new Node(json, "");
    }

    static List<Node> truth(boolean value) {
        return List.of(of(BooleanNode.valueOf(value)));
    }

    /** The children of that name, those of a choice element included. */
    List<Node> children(String name) {
        JsonNode plain = json.get(name);
        if (plain != null) {
            return flattened(plain, "");
        }
        List<Node> found = new ArrayList<>();
        json.properties().forEach(member -> {
            String key = member.getKey();
            if (key.startsWith(name)
                    && key.length() > name.length()
                    && Character.isUpperCase(key.charAt(name.length()))) {
                found.addAll(flattened(
                        member.getValue(), key.substring(name.length()).toLowerCase(Locale.ROOT)));
            }
        });
        return found;
    }

    private static List<Node> flattened(JsonNode value, String type) {
        if (!value.isArray()) {
            return List.of(new Node(value, type));
        }
        List<Node> items = new ArrayList<>();
        value.forEach(item -> items.add(new Node(item, type)));
        return items;
    }

    /** As a column holds it: a decimal as text, which keeps its digits. */
    JsonNode stored() {
        return type.equals("decimal") ? TextNode.valueOf(json.decimalValue().toPlainString()) : json;
    }

    boolean isTrue() {
        return json.isBoolean() && json.booleanValue();
    }

    /** What is the same for equal values. */
    String key() {
        return json.isNumber() ? json.decimalValue().stripTrailingZeros().toPlainString() : json.toString();
    }

    /** The value of the only item; nothing when there is none. */
    static @Nullable Node single(List<Node> items) {
        if (items.size() > 1) {
            throw new ViewEvaluator.SeveralValues();
        }
        return items.isEmpty() ? null : items.getFirst();
    }
}
