package org.researchflow.rf.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;

/**
 * One file of the suite.
 *
 * @param name the file's name
 * @param resources what its views run over, a JSON array
 * @param cases its cases in their order
 */
public record SuiteFile(String name, String resources, List<Case> cases) {

    /** Keeps the digits of decimals, trailing zeros included. */
    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    public SuiteFile {
        cases = List.copyOf(cases);
    }

    /**
     * A view and what is expected of it.
     *
     * @param view the ViewDefinition's text
     */
    public record Case(String title, String view, Expectation expected) {}

    /**
     * What a case expects.
     *
     * @param rows these rows in any order
     * @param columns these columns in this order
     * @param count so many rows
     * @param error that the view cannot be run
     */
    public record Expectation(
            Optional<List<JsonNode>> rows, Optional<List<String>> columns, Optional<Integer> count, boolean error) {}

    /**
     * Reads all files of a folder whose names end in {@code .json}, sorted by name.
     *
     * @throws Failure if there are none, or one cannot be read or is not a suite's file
     */
    public static List<SuiteFile> readAll(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw Failure.usage("no folder " + folder).note("try", "--suite and the suite's folder of test files");
        }
        try (Stream<Path> list = Files.list(folder)) {
            List<SuiteFile> files = list.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(SuiteFile::read)
                    .toList();
            if (files.isEmpty()) {
                throw Failure.usage("no .json file in " + folder);
            }
            return files;
        } catch (IOException e) {
            throw Failure.failed("cannot read " + folder)
                    .note("why", e.getClass().getSimpleName())
                    .causedBy(e);
        }
    }

    static SuiteFile read(Path file) {
        try {
            JsonNode suite = JSON.readTree(Files.readString(file));
            if (!suite.path("tests").isArray() || !suite.path("resources").isArray()) {
                throw Failure.usage(file + " is not a file of the suite")
                        .note("why", "it needs \"resources\" and \"tests\"");
            }
            List<Case> cases = new ArrayList<>();
            suite.get("tests").forEach(test -> cases.add(readCase(test)));
            return new SuiteFile(
                    String.valueOf(file.getFileName()), suite.get("resources").toString(), cases);
        } catch (JsonProcessingException e) {
            throw Failure.usage(file + " is not JSON").note("why", e.getOriginalMessage());
        } catch (IOException e) {
            throw Failure.failed("cannot read " + file)
                    .note("why", e.getClass().getSimpleName())
                    .causedBy(e);
        }
    }

    private static Case readCase(JsonNode test) {
        return new Case(
                test.path("title").asText(),
                test.path("view").toPrettyString(),
                new Expectation(
                        list(test, "expect"),
                        list(test, "expectColumns")
                                .map(names ->
                                        names.stream().map(JsonNode::asText).toList()),
                        test.has("expectCount")
                                ? Optional.of(test.get("expectCount").asInt())
                                : Optional.empty(),
                        test.path("expectError").asBoolean()));
    }

    private static Optional<List<JsonNode>> list(JsonNode test, String member) {
        if (!test.has(member)) {
            return Optional.empty();
        }
        List<JsonNode> items = new ArrayList<>();
        test.get(member).forEach(items::add);
        return Optional.of(items);
    }
}
