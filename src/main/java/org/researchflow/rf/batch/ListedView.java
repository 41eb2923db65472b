package org.researchflow.rf.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A materialized view as a list of views shows it.
 *
 * @param materialization what the catalog says
 * @param sizeBytes of the stored rows with their indexes
 * @param age since the watermark
 * @param limit the age at which it is stale
 * @param state computed when read, never stored
 * @param because why it is stale or failed
 */
public record ListedView(
        Materialization materialization,
        long sizeBytes,
        Duration age,
        Duration limit,
        State state,
        Optional<String> because) {

    /** Whether the rows can be relied on to be current. */
    public enum State {
        FRESH,
        STALE,
        REFRESHING,
        FAILED
    }

    public String name() {
        return materialization.view();
    }

    /**
     * Whether its last refresh is too long ago, or something else makes it stale.
     *
     * @param other limit instead of its own
     */
    public boolean isStale(Optional<Duration> other) {
        boolean old = age.compareTo(other.orElse(limit)) > 0;
        return switch (state) {
            case FRESH, REFRESHING -> old;
            case STALE -> old || age.compareTo(limit) <= 0;
            case FAILED -> false;
        };
    }

    /** When it becomes stale. */
    public Instant due() {
        return materialization.watermark().at().plus(limit);
    }

    public String kind() {
        return "ViewDefinition";
    }
}
