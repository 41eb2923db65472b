package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.sql.ResourceRelation;

/**
 * Where resources live: each of them with an internal number ({@code res_id}), by type, as resource relations, and with
 * what tells which of them changed.
 */
public sealed interface Resources permits HapiResources, ResourceTable {

    /** The live resources of a type, each in its current version; {@code id} and {@code meta} on request only. */
    ResourceRelation of(String resourceType, boolean withId, boolean withMeta);

    /**
     * Those of {@link #of} whose {@code res_id} is in a table's column of that name; no other body is read.
     *
     * @param table as SQL text
     */
    ResourceRelation among(String table, String resourceType, boolean withId, boolean withMeta);

    /**
     * A query of all resources of a type, deleted ones included, that reads no body: {@code (res_id bigint, key text,
     * version, live boolean)}, the version of the type that it has in the relation.
     */
    String identities(String resourceType);

    /**
     * A query of what is kept beside the resources of a type and may change without a new version of them, as
     * {@code (res_id bigint, digest uuid)}; empty where there is no such thing.
     */
    Optional<String> tagDigests(String resourceType);

    /** Whether there are at least so many live resources of a type; counts no further than that. */
    boolean hasAtLeast(Connection connection, String resourceType, long count) throws SQLException;

    /** How many live resources of these types have a body that {@link #of} cannot read, and why; empty when none. */
    List<UnreadableBodies> unreadable(Connection connection, Collection<String> resourceTypes) throws SQLException;

    /** The same of the resources that are {@link #among} a table's. */
    List<UnreadableBodies> unreadableAmong(Connection connection, String table, String resourceType)
            throws SQLException;

    /** Refuses resources whose key another one of their type has, too. */
    void requireOneKeyEach(Connection connection, Collection<String> resourceTypes) throws SQLException;

    /**
     * What tells whether changes can be found; to be read before the snapshot that it is kept with: what happens in
     * between is found once more, never missed.
     */
    SourceState state(Connection connection) throws SQLException;

    /**
     * Finds in one scan, inside of a transaction, what was written by transactions up to an age; empty when that is too
     * much to hold.
     */
    Optional<Sweep> changes(Connection connection, Collection<String> resourceTypes, int age) throws SQLException;
}
