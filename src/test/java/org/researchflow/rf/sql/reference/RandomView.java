package org.researchflow.rf.sql.reference;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Random;

/** ViewDefinitions with all that a select can have. */
public final class RandomView {

    private final Random random;
    private final RandomPath paths;
    private int columns;

    public RandomView(Random random) {
        this.random = random;
        this.paths = new RandomPath(random);
    }

    public ObjectNode view(String resource) {
        columns = 0;
        ObjectNode view = JsonNodeFactory.instance
                .objectNode()
                .put("resourceType", "ViewDefinition")
                .put("name", "random")
                .put("resource", resource);
        if (random.nextInt(4) == 0) {
            view.putArray("where").addObject().put("path", paths.condition(resource, 2));
        }
        var selects = view.putArray("select");
        selects.addObject().putArray("column").addObject().put("name", "id").put("path", "id");
        for (int i = 0; i <= random.nextInt(2); i++) {
            selects.add(select(resource, 3));
        }
        return view;
    }

    private ObjectNode select(String type, int depth) {
        ObjectNode select = JsonNodeFactory.instance.objectNode();
        String inner = iteration(select, type);
        columns(select, inner);
        if (depth > 0 && random.nextInt(2) == 0) {
            select.putArray("select").add(select(inner, depth - 1));
        }
        if (depth > 0 && random.nextInt(3) == 0) {
            union(select, inner);
        }
        return select;
    }

    /** Adds a directive and gives the type of its foci. */
    private String iteration(ObjectNode select, String type) {
        if (type.equals("Item") || type.equals("QuestionnaireResponse")) {
            if (random.nextInt(3) == 0) {
                var repeat = select.putArray("repeat").add("item");
                if (random.nextBoolean()) {
                    repeat.add("answer.item");
                }
                return "Item";
            }
        }
        String nodes = paths.nodes(type);
        if (nodes.isEmpty() || random.nextInt(4) == 0) {
            return type;
        }
        int blank = nodes.lastIndexOf(' ');
        select.put(random.nextBoolean() ? "forEach" : "forEachOrNull", nodes.substring(0, blank));
        return nodes.substring(blank + 1);
    }

    private void columns(ObjectNode select, String type) {
        var list = select.putArray("column");
        for (int i = 0; i <= random.nextInt(3); i++) {
            columns++;
            list.add(column("c" + columns, type, random.nextInt(7)));
        }
    }

    private ObjectNode column(String name, String type, int kind) {
        ObjectNode column = JsonNodeFactory.instance.objectNode().put("name", name);
        return switch (kind) {
            case 0 -> column.put("path", paths.strings(type, 2)).put("collection", true);
            case 1 -> column.put("path", paths.number(type, 1));
            case 2 -> column.put("path", paths.condition(type, 2));
            case 4 -> column.put("path", paths.typed(type));
            default -> column.put("path", paths.string(type, 2));
        };
    }

    private void union(ObjectNode select, String type) {
        columns++;
        int kind = random.nextInt(4);
        var branches = select.putArray("unionAll");
        for (int i = 0; i < 2; i++) {
            ObjectNode branch = branches.addObject();
            String inner = iteration(branch, type);
            branch.putArray("column").add(column("c" + columns, inner, kind));
        }
    }
}
