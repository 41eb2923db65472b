package org.researchflow.rf.speed;

import java.util.Locale;

/**
 * The names of what is kept in Redis.
 *
 * @param prefix in front of all of them
 */
record Keys(String prefix) {

    String coverage() {
        return prefix + "fhir:coverage";
    }

    /** The sorted set of a type's changed resources. */
    String recent(String resourceType) {
        return prefix + "fhir:recent:" + lower(resourceType);
    }

    /** What all entries of a type begin with; the resource's key follows. */
    String entries(String resourceType) {
        return prefix + "fhir:" + lower(resourceType) + ":";
    }

    String entry(String resourceType, String key) {
        return entries(resourceType) + key;
    }

    /** The hash of the rows that a view makes of each change of its type. */
    String rows(KeptRows view) {
        return prefix + "fhir:rows:" + lower(view.resourceType()) + ":" + view.name();
    }

    /** A pattern that all of them match. */
    String all() {
        return prefix.replaceAll("[\\\\*?\\[\\]]", "\\\\$0") + "fhir:*";
    }

    private static String lower(String resourceType) {
        return resourceType.toLowerCase(Locale.ROOT);
    }
}
