package org.researchflow.rf.sql.reference;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.researchflow.rf.fhirpath.FhirPathParser;

/**
 * The rows of a ViewDefinition for one resource, by the specification's processing algorithm, over its JSON.
 *
 * @see <a href="https://sql-on-fhir.org/ig/StructureDefinition-ViewDefinition-notes.html">processing algorithm</a>
 */
public final class ViewEvaluator {

    /** A single item was wanted and there were several. */
    public static final class SeveralValues extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A product that would take long to compare and show nothing that a smaller one does not. */
    public static final class TooManyRows extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final int MOST_ROWS = 500;

    private final Node resource;

    private ViewEvaluator(JsonNode resource) {
        this.resource = Node.of(resource);
    }

    /**
     * The rows, each column by its name.
     *
     * @throws TooManyRows if there are more than a test should look at
     * @throws SeveralValues if a value is needed and there are several
     */
    public static List<Map<String, JsonNode>> rows(JsonNode view, JsonNode resource) {
        ViewEvaluator evaluator = new ViewEvaluator(resource);
        for (JsonNode where : view.path("where")) {
            if (!PathEvaluator.truth(evaluator.path(where.get("path").asText(), evaluator.resource, 0))
                    .orElse(false)) {
                return List.of();
            }
        }
        return evaluator.product(view.get("select"), evaluator.resource, 0);
    }

    private List<Node> path(String path, Node focus, int rowIndex) {
        return new PathEvaluator(resource, focus, 0, rowIndex).evaluate(FhirPathParser.parse(path));
    }

    /** Every combination of a row of each select. */
    private List<Map<String, JsonNode>> product(JsonNode selects, Node node, int rowIndex) {
        List<Map<String, JsonNode>> rows = List.of(Map.of());
        for (JsonNode select : selects) {
            rows = product(rows, select(select, node, rowIndex));
        }
        return rows;
    }

    private static List<Map<String, JsonNode>> product(
            List<Map<String, JsonNode>> left, List<Map<String, JsonNode>> right) {
        if ((long) left.size() * right.size() > MOST_ROWS) {
            throw new TooManyRows();
        }
        List<Map<String, JsonNode>> rows = new ArrayList<>();
        for (Map<String, JsonNode> a : left) {
            for (Map<String, JsonNode> b : right) {
                Map<String, JsonNode> row = new LinkedHashMap<>(a);
                row.putAll(b);
                rows.add(row);
            }
        }
        return rows;
    }

    private List<Map<String, JsonNode>> select(JsonNode select, Node node, int rowIndex) {
        List<Node> foci = List.of(node);
        boolean iterates = true;
        if (select.has("forEach")) {
            foci = path(select.get("forEach").asText(), node, rowIndex);
        } else if (select.has("forEachOrNull")) {
            foci = path(select.get("forEachOrNull").asText(), node, rowIndex);
        } else if (select.has("repeat")) {
            foci = repeat(select.get("repeat"), node, rowIndex);
        } else {
            iterates = false;
        }
        List<Map<String, JsonNode>> rows = new ArrayList<>();
        for (int i = 0; i < foci.size(); i++) {
            rows.addAll(parts(select, foci.get(i), iterates ? i : rowIndex));
        }
        if (foci.isEmpty() && select.has("forEachOrNull")) {
            Map<String, JsonNode> nulls = new LinkedHashMap<>();
            addNulls(select, nulls);
            rows.add(nulls);
        }
        return rows;
    }

    private List<Node> repeat(JsonNode paths, Node node, int rowIndex) {
        List<Node> found = new ArrayList<>();
        for (JsonNode path : paths) {
            for (Node child : path(path.asText(), node, rowIndex)) {
                found.add(child);
                found.addAll(repeat(paths, child, rowIndex));
            }
        }
        return found;
    }

    private List<Map<String, JsonNode>> parts(JsonNode select, Node focus, int rowIndex) {
        Map<String, JsonNode> own = new LinkedHashMap<>();
        for (JsonNode column : select.path("column")) {
            own.put(column.get("name").asText(), value(column, focus, rowIndex));
        }
        List<Map<String, JsonNode>> rows = product(List.of(own), product(select.path("select"), focus, rowIndex));
        if (!select.has("unionAll")) {
            return rows;
        }
        List<Map<String, JsonNode>> union = new ArrayList<>();
        select.get("unionAll").forEach(branch -> union.addAll(select(branch, focus, rowIndex)));
        return product(rows, union);
    }

    private JsonNode value(JsonNode column, Node focus, int rowIndex) {
        List<Node> items = path(column.get("path").asText(), focus, rowIndex);
        if (column.path("collection").asBoolean()) {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            items.forEach(item -> array.add(item.stored()));
            return array;
        }
        Node single = Node.single(items);
        return single == null ? NullNode.getInstance() : single.stored();
    }

    private static void addNulls(JsonNode select, Map<String, JsonNode> row) {
        for (JsonNode column : select.path("column")) {
            boolean rowIndex = column.get("path").asText().equals("%rowIndex");
            row.put(column.get("name").asText(), rowIndex ? IntNode.valueOf(0) : NullNode.getInstance());
        }
        select.path("select").forEach(nested -> addNulls(nested, row));
        if (select.has("unionAll")) {
            addNulls(select.get("unionAll").get(0), row);
        }
    }
}
