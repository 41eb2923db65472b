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
import org.researchflow.rf.Failure;

/**
 * The figures of an earlier bench, as {@code --save} wrote them.
 *
 * @param figures of each series
 * @param environment in which they were measured
 */
public record Baseline(Map<Series, Map<Metric, Estimate>> figures, Map<String, String> environment) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * Reads a saved bench.
     *
     * @throws Failure if there is none in the file
     */
    public static Baseline read(Path file) {
        try {
            JsonNode document = JSON.readTree(Files.readString(file));
            if (!document.path("schema").asText().equals(Report.SCHEMA)) {
                throw notOne(file).note("why", "its \"schema\" is not " + Report.SCHEMA);
            }
            return of(document);
        } catch (JsonProcessingException e) {
            throw notOne(file)
                    .note("why", "it is not JSON: " + e.getOriginalMessage())
                    .causedBy(e);
        } catch (IOException e) {
            throw Failure.usage("cannot read the baseline " + file).causedBy(e);
        }
    }

    private static Failure notOne(Path file) {
        return Failure.usage("no saved bench in " + file).note("try", "rf bench query --save " + file);
    }

    private static Baseline of(JsonNode document) {
        Map<Series, Map<Metric, Estimate>> figures = new HashMap<>();
        for (JsonNode row : document.path("series")) {
            Series series = new Series(
                    row.path("scenario").asText(),
                    row.path("query").asText(),
                    row.path("runner").asText());
            Map<Metric, Estimate> of = new EnumMap<>(Metric.class);
            row.path("figures")
                    .properties()
                    .forEach(figure -> Metric.named(figure.getKey())
                            .ifPresent(metric -> of.put(
                                    metric,
                                    new Estimate(
                                            figure.getValue().path("value").asDouble(),
                                            figure.getValue().path("low").asDouble(),
                                            figure.getValue().path("high").asDouble()))));
            figures.put(series, of);
        }
        Map<String, String> environment = new HashMap<>();
        document.path("environment")
                .properties()
                .forEach(entry ->
                        environment.put(entry.getKey(), entry.getValue().asText()));
        return new Baseline(figures, environment);
    }

    Optional<Estimate> figure(Series series, Metric metric) {
        return Optional.ofNullable(figures.get(series)).map(of -> of.get(metric));
    }

    /** What was not the same then, of that on which figures depend. */
    public List<String> differences(Map<String, String> now) {
        List<String> differences = new ArrayList<>();
        now.forEach((name, value) -> {
            String then = environment.getOrDefault(name, "unknown");
            if (!then.equals(value)) {
                differences.add(name + " is " + value + ", and was " + then);
            }
        });
        return differences;
    }
}
