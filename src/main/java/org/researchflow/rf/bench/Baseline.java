package org.researchflow.rf.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.Failure;

/**
 * The figures of an earlier bench, as {@code --save} wrote them.
 *
 * @param figures of each series
 * @param runs the least number of runs that any of them is of
 * @param environment in which they were measured
 */
public record Baseline(Map<Series, Map<Metric, Estimate>> figures, int runs, Map<String, String> environment) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What differs whenever something is compared. */
    private static final Set<String> EXPECTED = Set.of("when", "rf");

    /**
     * Reads a saved bench.
     *
     * @throws Failure if there is none in the file
     */
    public static Baseline read(Path file) {
        try {
            JsonNode document = JSON.readTree(Files.readString(file));
            if (!document.path("schema").asText().equals(Report.SCHEMA)) {
                throw notOne(file, "its \"schema\" is not " + Report.SCHEMA);
            }
            return of(document, file);
        } catch (JsonProcessingException e) {
            throw notOne(file, "it is not JSON").causedBy(e);
        } catch (IOException e) {
            throw Failure.usage("cannot read the baseline " + file)
                    .note(
                            "why",
                            Files.exists(file) ? "it is not a text file that may be read" : "there is no such file")
                    .causedBy(e);
        }
    }

    private static Failure notOne(Path file, String why) {
        return Failure.usage("no saved bench in " + file)
                .note("why", why)
                .note("try", "rf bench query --save before.json");
    }

    private static Baseline of(JsonNode document, Path file) {
        Map<Series, Map<Metric, Estimate>> figures = new HashMap<>();
        int runs = Integer.MAX_VALUE;
        for (JsonNode row : document.path("series")) {
            Series series = new Series(
                    row.path("scenario").asText(),
                    row.path("query").asText(),
                    row.path("runner").asText());
            Map<Metric, Estimate> of = new EnumMap<>(Metric.class);
            row.path("figures")
                    .properties()
                    .forEach(figure -> Metric.named(figure.getKey())
                            .ifPresent(metric -> of.put(metric, estimate(figure.getValue(), series, file))));
            figures.put(series, of);
            runs = Math.min(runs, row.path("runs").asInt());
        }
        if (figures.isEmpty()) {
            throw notOne(file, "it has no series");
        }
        Map<String, String> environment = new HashMap<>();
        document.path("environment")
                .properties()
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asText()));
        return new Baseline(figures, runs, environment);
    }

    private static Estimate estimate(JsonNode figure, Series series, Path file) {
        if (!figure.path("value").isNumber()
                || !figure.path("low").isNumber()
                || !figure.path("high").isNumber()) {
            throw notOne(file, "a figure of " + series + " is not a number with its bounds");
        }
        return new Estimate(
                figure.path("value").asDouble(),
                figure.path("low").asDouble(),
                figure.path("high").asDouble());
    }

    Optional<Estimate> figure(Series series, Metric metric) {
        return Optional.ofNullable(figures.get(series)).map(of -> of.get(metric));
    }

    /** What was not the same then, of that on which figures depend. */
    public List<String> differences(Map<String, String> now) {
        List<String> differences = new ArrayList<>();
        now.forEach((name, value) -> {
            String then = environment.getOrDefault(name, "unknown");
            if (!then.equals(value) && !EXPECTED.contains(name)) {
                differences.add(name + " is " + value + ", and was " + then);
            }
        });
        return differences;
    }
}
