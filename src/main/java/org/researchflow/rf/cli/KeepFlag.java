package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.Configuration;
import org.researchflow.rf.fhir.ElementTable;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.speed.Retention;
import picocli.CommandLine.Option;

/** The option that says how long changes are kept in Redis. */
final class KeepFlag {

    @Option(
            names = "--keep",
            paramLabel = "[TYPE=]TIME",
            description = "How long changes stay in Redis, of one type or of all others; can be repeated (RF_KEEP, with"
                    + " commas; default: 24h, Observation=12h).")
    private List<String> keep = List.of();

    Retention retention(Configuration configuration) {
        return keep.isEmpty() ? RedisPlace.retention(configuration) : parse("--keep", keep.toArray(String[]::new));
    }

    static Retention parse(String from, String... texts) {
        Duration standard = Retention.DEFAULT.standard();
        Map<String, Duration> byType = new HashMap<>(Retention.DEFAULT.byType());
        for (String text : texts) {
            int equals = text.indexOf('=');
            Duration time = TimeText.parse(from, text.substring(equals + 1).strip());
            if (time.compareTo(Duration.ofMinutes(1)) < 0) {
                throw Failure.usage(from + " can be 1m or more, not " + text);
            }
            if (equals < 0) {
                standard = time;
            } else {
                byType.put(type(from, text.substring(0, equals).strip()), time);
            }
        }
        return new Retention(standard, byType);
    }

    private static String type(String from, String name) {
        if (!ElementTable.of(FhirVersion.R4).isResource(name)) {
            throw Failure.usage("no resource type \"" + name + '"').note("from", from);
        }
        return name;
    }
}
