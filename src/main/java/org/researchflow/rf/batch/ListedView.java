package org.researchflow.rf.batch;

import java.util.Optional;

/**
 * A materialized view as a list of views shows it.
 *
 * @param materialization what the catalog says
 * @param sizeBytes of the stored rows with their indexes
 * @param state computed when read, never stored
 * @param because why it is stale or failed
 */
public record ListedView(Materialization materialization, long sizeBytes, State state, Optional<String> because) {

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

    public String kind() {
        return "ViewDefinition";
    }
}
