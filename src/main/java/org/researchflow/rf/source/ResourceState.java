package org.researchflow.rf.source;

import java.util.Optional;

/**
 * The newest version of a resource, as a transaction sees it.
 *
 * @param resId its internal number
 * @param resourceType its type
 * @param key as {@code getResourceKey()} gives it
 * @param version as the source tells it
 * @param transaction the id (xid8) of the transaction that wrote it
 * @param body what became of its body
 */
public record ResourceState(long resId, String resourceType, String key, String version, long transaction, Body body) {

    /** The body of a resource: JSON, or the reason why there is none. */
    public sealed interface Body {

        /** As the resource relation yields it, with id and meta. */
        record Json(String text) implements Body {}

        /** The resource is deleted. */
        record Deleted() implements Body {}

        /** The resource is live, and has no rows anywhere. */
        record Unreadable(Obstacle obstacle) implements Body {}
    }

    ResourceState unreadable(Obstacle obstacle) {
        return new ResourceState(resId, resourceType, key, version, transaction, new Body.Unreadable(obstacle));
    }

    /** The JSON, where there is some. */
    public Optional<String> json() {
        return body instanceof Body.Json(String text) ? Optional.of(text) : Optional.empty();
    }

    /** About how many bytes it takes. */
    public long size() {
        return json().map(String::length).orElse(0) + key.length() + 100L;
    }
}
