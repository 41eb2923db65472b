package org.researchflow.rf.view;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.view.Json.JsonArray;
import org.researchflow.rf.view.Json.JsonBoolean;
import org.researchflow.rf.view.Json.JsonNull;
import org.researchflow.rf.view.Json.JsonNumber;
import org.researchflow.rf.view.Json.JsonObject;
import org.researchflow.rf.view.Json.JsonString;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.AnchorNode;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** YAML text as the JSON values that it means, which know where in the file they stand. */
public final class Yaml {

    /** Aliases make few lines mean millions of values. */
    private static final int MOST_VALUES = 200_000;

    private static final int DEEPEST = 200;

    private final SourceText source;
    private int values;

    private Yaml(SourceText source) {
        this.source = source;
    }

    /**
     * Reads one YAML document.
     *
     * @param expected what it should be, for messages
     * @throws org.researchflow.rf.Failure if the text is not YAML, pointing at the place
     */
    public static Json parse(SourceText source, String expected) {
        // Positions are needed, and no more than JSON's types.
        LoadSettings settings =
                LoadSettings.builder().setLabel(source.file()).setUseMarks(true).build();
        try {
            Node root = new Compose(settings)
                    .composeString(source.text())
                    .orElseThrow(() -> broken(source, 0, "expected " + expected + ", found nothing"));
            return new Yaml(source).json(root, 0);
        } catch (MarkedYamlEngineException e) {
            throw broken(
                    source,
                    e.getProblemMark().map(mark -> offset(source, mark)).orElse(0),
                    Optional.ofNullable(e.getProblem()).orElse("expected YAML"));
        } catch (YamlEngineException e) {
            throw broken(
                    source,
                    0,
                    String.valueOf(e.getMessage()).lines().findFirst().orElse("expected YAML"));
        }
    }

    private static RuntimeException broken(SourceText source, int offset, String why) {
        return Problem.failure(List.of(Problem.at(source.place(offset), "broken YAML", why)));
    }

    /** Marks count code points, files are addressed in UTF-16 units. */
    private static int offset(SourceText source, Mark mark) {
        String text = source.text();
        return text.offsetByCodePoints(0, Math.min(mark.getIndex(), text.codePointCount(0, text.length())));
    }

    private int offset(Node node) {
        return node.getStartMark().map(mark -> offset(source, mark)).orElse(0);
    }

    private Json json(Node node, int depth) {
        if (++values > MOST_VALUES || depth > DEEPEST) {
            throw broken(source, offset(node), "too many values, or too deeply nested");
        }
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> {
                List<Json> items = new ArrayList<>();
                sequence.getValue().forEach(item -> items.add(json(item, depth + 1)));
                yield new JsonArray(items, offset(node));
            }
            case MappingNode mapping -> object(mapping, depth);
            case AnchorNode anchor -> json(anchor.getRealNode(), depth + 1);
            default -> throw broken(source, offset(node), "expected a value");
        };
    }

    private Json scalar(ScalarNode scalar) {
        String text = scalar.getValue();
        Tag tag = scalar.getTag();
        int offset = offset(scalar);
        if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return new JsonNumber(text, offset);
        }
        if (tag.equals(Tag.BOOL)) {
            return new JsonBoolean(text.equals("true"), offset);
        }
        return tag.equals(Tag.NULL) ? new JsonNull(offset) : new JsonString(text, offset);
    }

    private Json object(MappingNode mapping, int depth) {
        Map<String, Json> members = new LinkedHashMap<>();
        Map<String, Integer> names = new HashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw broken(source, offset(tuple.getKeyNode()), "expected a name");
            }
            if (members.put(key.getValue(), json(tuple.getValueNode(), depth + 1)) != null) {
                throw broken(source, offset(key), "expected each name once, and this one is there already");
            }
            names.put(key.getValue(), offset(key));
        }
        return new JsonObject(members, names, offset(mapping));
    }
}
