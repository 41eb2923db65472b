package org.researchflow.rf.speed;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/**
 * How long changes are kept.
 *
 * @param standard for most types
 * @param byType for others
 */
public record Retention(Duration standard, Map<String, Duration> byType) {

    public static final Retention DEFAULT =
            new Retention(Duration.ofHours(24), Map.of("Observation", Duration.ofHours(12)));

    public Retention {
        byType = Map.copyOf(byType);
        if (Stream.concat(Stream.of(standard), byType.values().stream()).anyMatch(time -> !time.isPositive())) {
            throw new IllegalArgumentException("retention is not positive");
        }
    }

    Duration of(String resourceType) {
        return byType.getOrDefault(resourceType, standard);
    }

    Duration shortest() {
        return times().min(Duration::compareTo).orElse(standard);
    }

    Duration longest() {
        return times().max(Duration::compareTo).orElse(standard);
    }

    private Stream<Duration> times() {
        return Stream.concat(Stream.of(standard), byType.values().stream());
    }
}
