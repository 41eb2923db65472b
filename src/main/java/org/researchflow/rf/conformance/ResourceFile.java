package org.researchflow.rf.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.Failure;

/**
 * A file of resources to look at a view with: one resource, a Bundle, an array of resources, or NDJSON.
 *
 * @param path the file
 * @param resources what is in it
 * @param places where in it each of them is, in words
 */
public record ResourceFile(Path path, List<JsonNode> resources, List<String> places) {

    public ResourceFile {
        resources = List.copyOf(resources);
        places = List.copyOf(places);
    }

    /**
     * Reads the resources, at most so many.
     *
     * @throws Failure if the file cannot be read or is not JSON; its content is not quoted
     */
    public static ResourceFile read(Path file, int limit) {
        List<JsonNode> resources = new ArrayList<>();
        List<String> places = new ArrayList<>();
        try (var text = Files.newBufferedReader(file);
                MappingIterator<JsonNode> documents =
                        SuiteFile.JSON.readerFor(JsonNode.class).readValues(text)) {
            while (documents.hasNextValue() && resources.size() < limit) {
                String line = "line " + documents.getCurrentLocation().getLineNr();
                add(documents.nextValue(), line, resources, places);
            }
            return new ResourceFile(file, resources, places);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw Failure.usage(file + " is not JSON").note("why", "broken in line " + line);
        } catch (IOException e) {
            throw Failure.usage("cannot read " + file)
                    .note("why", e.getClass().getSimpleName())
                    .causedBy(e);
        }
    }

    private static void add(JsonNode document, String line, List<JsonNode> resources, List<String> places) {
        if (document.isArray() || document.path("resourceType").asText().equals("Bundle")) {
            JsonNode list = document.isArray() ? document : document.path("entry");
            for (int i = 0; i < list.size(); i++) {
                JsonNode resource =
                        document.isArray() ? list.get(i) : list.get(i).path("resource");
                if (!resource.isMissingNode()) {
                    resources.add(resource);
                    places.add(line + ", entry " + (i + 1));
                }
            }
        } else {
            resources.add(document);
            places.add(line);
        }
    }

    /** All resources as a JSON array. */
    public String json() {
        return json(0, resources.size());
    }

    /** Some of them as a JSON array. */
    String json(int from, int to) {
        return resources.subList(from, to).toString();
    }
}
