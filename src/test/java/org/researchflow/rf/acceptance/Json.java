package org.researchflow.rf.acceptance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A place in a resource, read without any of rf's own code: all nodes that a path of element names leads to. */
record Json(List<JsonNode> nodes) {

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    Json {
        nodes = List.copyOf(nodes);
    }

    static Json parse(String text) {
        try {
            return new Json(List.of(MAPPER.readTree(text)));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** Gives the object another member. */
    void put(String name, Json value) {
        ((ObjectNode) nodes.getFirst()).set(name, value.nodes.getFirst());
    }

    /** What lies at this path, lists taken apart on the way: {@code code.coding}. */
    Json at(String path) {
        Json here = this;
        for (String name : path.split("\\.", -1)) {
            here = new Json(here.nodes.stream()
                    .flatMap(node -> Stream.ofNullable(node.get(name)))
                    .flatMap(node -> node.isArray() ? StreamSupport.stream(node.spliterator(), false) : Stream.of(node))
                    .filter(node -> !node.isNull())
                    .toList());
        }
        return here;
    }

    Json where(Predicate<Json> condition) {
        return new Json(nodes.stream()
                .filter(node -> condition.test(new Json(List.of(node))))
                .toList());
    }

    /** The extensions with this URL. */
    Json extension(String url) {
        return at("extension").where(extension -> url.equals(extension.at("url").text()));
    }

    Json first() {
        return new Json(nodes.stream().limit(1).toList());
    }

    /** Each node by itself; the empty place once where there is none, as an outer join would have it. */
    List<Json> eachOrEmpty() {
        return nodes.isEmpty()
                ? List.of(this)
                : nodes.stream().map(node -> new Json(List.of(node))).toList();
    }

    boolean exists() {
        return !nodes.isEmpty();
    }

    /** The first value as text, nothing where there is none. */
    @Nullable
    String text() {
        return nodes.stream().findFirst().map(Json::text).orElse(null);
    }

    /** All values as text with this between them, nothing where there is none. */
    @Nullable
    String joined(String between) {
        return nodes.isEmpty()
                ? null
                : String.join(between, nodes.stream().map(Json::text).toList());
    }

    private static String text(JsonNode node) {
        if (node.isBoolean()) {
            return node.booleanValue() ? "t" : "f";
        }
        return Optional.of(node)
                .filter(JsonNode::isNumber)
                .map(JsonNode::decimalValue)
                .map(BigDecimal::toPlainString)
                .orElseGet(node::asText);
    }
}
