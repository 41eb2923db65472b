package org.researchflow.rf.speed;

import org.researchflow.rf.batch.Materialization;

/**
 * The rows that a materialized view makes of changed resources, as they are kept beside these. Its name holds all that
 * decides rows, so that those of another definition, setting or compiler are never taken for them.
 *
 * @param resourceType what the view is over
 * @param name among those of its resource type
 */
public record KeptRows(String resourceType, String name) {

    /** Of 256 bits, so many tell definitions apart. */
    private static final int DIGITS = 32;

    public static KeptRows of(Materialization view) {
        return new KeptRows(view.resourceType(), view.hash().substring(0, DIGITS) + "-" + view.compilerVersion());
    }

    static KeptRows parse(String text) {
        String[] parts = text.split(":", 2);
        return new KeptRows(parts[0], parts[1]);
    }

    String text() {
        return resourceType + ':' + name;
    }
}
