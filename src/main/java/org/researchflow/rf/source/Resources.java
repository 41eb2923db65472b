package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
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

    /** Those of {@link #of} whose {@code res_id} is not in that table's column. */
    ResourceRelation except(String table, String resourceType, boolean withId, boolean withMeta);

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

    /**
     * A query of the resources of a type that were written at a moment or later, by the source's own clock, that reads
     * no body: {@code (res_id bigint, key text, version)}. Who looks for all changes needs {@link #changes}: that clock may be
     * wrong, and what was written late may become visible later.
     */
    String updatedSince(String resourceType, Instant moment);

    /**
     * A query of the resources of a type whose current rows were written by transactions of at most an age, deleted ones
     * included, that reads no body: {@code (res_id bigint)}. What {@link #changes} finds, for a query that is kept.
     *
     * @param age as SQL text
     */
    String writtenUpTo(String resourceType, String age);

    /** These resources for a query that is kept: it looks for decoded bodies even if there are none yet. */
    Resources lasting();

    /**
     * An SQL expression of a text that stays the same as long as the tables look as they did when these resources were
     * opened; a query that is kept means something else otherwise.
     */
    String layout();

    /** Whether there are at least so many live resources of a type; counts no further than that. */
    boolean hasAtLeast(Connection connection, String resourceType, long count) throws SQLException;

    /**
     * A query of the live resources of a type that are not in {@link #of}, since their bodies cannot be read, that reads
     * no body: {@code (res_id bigint, key text, version, reason text)}, the reason an {@link Obstacle}; empty where every
     * body can be read.
     */
    Optional<String> unreadable(String resourceType);

    /** Those of the types of which some live resources are {@link #unreadable}, found in one scan; at least one is given. */
    Set<String> typesWithUnreadable(Connection connection, Collection<String> resourceTypes) throws SQLException;

    /** Whether there may be bodies that PostgreSQL cannot read before {@link #decode} has done its work. */
    boolean needsDecoding(Connection connection) throws SQLException;

    /**
     * Decodes the bodies of live resources, each version once: those of whole types, and those of some internal ids.
     * Commits; resources that are opened afterwards can be read with them.
     *
     * @param reader and writer two connections outside of any transaction
     * @return how many were decoded
     */
    long decode(Connection reader, Connection writer, Collection<String> resourceTypes, long[] ids) throws SQLException;

    /** Forgets the decoded bodies of past versions of the resources with these internal ids. */
    default void forgetPast(Connection connection, long[] ids) throws SQLException {}

    /** Forgets the decoded bodies of all past versions, at the cost of looking at every body. */
    default void forgetPast(Connection connection) throws SQLException {}

    /** Whether an internal number may stand for several resources, which then change together. */
    default boolean sharesIds() {
        return false;
    }

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

    /** The same for resources of all types. */
    Optional<Sweep> changes(Connection connection, int age) throws SQLException;

    /**
     * How far in the future the newest resource was written, by the source's own clock; empty where it was not. Times
     * without an offset look like that when they are read in the wrong time zone.
     */
    Optional<Duration> ahead(Connection connection) throws SQLException;
}
