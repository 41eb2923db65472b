package org.researchflow.rf.speed;

import java.util.Optional;

/**
 * The newest known version of a resource, or its tombstone.
 *
 * @param resourceType such as {@code Patient}
 * @param key of the resource, as {@code getResourceKey()} gives it
 * @param version of the resource
 * @param transaction the id (xid8) of the transaction that wrote it, or of a later one
 * @param resource its JSON as the resource relation yields it; empty when it was deleted
 */
public record Change(String resourceType, String key, long version, long transaction, Optional<String> resource) {}
