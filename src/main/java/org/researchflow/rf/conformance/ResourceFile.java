package org.researchflow.rf.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.researchflow.rf.Failure;

/** A file of resources to look at a view with: one resource, a Bundle, an array of resources, or NDJSON. */
public final class ResourceFile {

    private ResourceFile() {}

    /**
     * The resources as a JSON array, at most so many.
     *
     * @throws Failure if the file cannot be read or is not JSON; its content is not quoted
     */
    public static String read(Path file, int limit) {
        ArrayNode resources = SuiteFile.JSON.createArrayNode();
        try (var text = Files.newBufferedReader(file);
                MappingIterator<JsonNode> documents =
                        SuiteFile.JSON.readerFor(JsonNode.class).readValues(text)) {
            while (documents.hasNextValue() && resources.size() < limit) {
                add(documents.nextValue(), resources);
            }
            return resources.toString();
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw Failure.usage(file + " is not JSON").note("why", "broken in line " + line);
        } catch (IOException e) {
            throw Failure.usage("cannot read " + file)
                    .note("why", e.getClass().getSimpleName())
                    .causedBy(e);
        }
    }

    private static void add(JsonNode document, ArrayNode resources) {
        if (document.isArray()) {
            document.forEach(resources::add);
        } else if (document.path("resourceType").asText().equals("Bundle")) {
            document.path("entry").forEach(entry -> {
                if (entry.has("resource")) {
                    resources.add(entry.get("resource"));
                }
            });
        } else {
            resources.add(document);
        }
    }
}
