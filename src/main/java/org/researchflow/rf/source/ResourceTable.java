package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.ResourceRelation;

/**
 * The resources in rf's own table, for those who have no HAPI server in reach; {@link ResourceStore} fills it.
 *
 * @param serverBase the base URL of the server that they are from, with a slash at its end
 */
public record ResourceTable(Optional<String> serverBase) implements Resources {

    static final String NAME = "rf.resource";

    /** Many resources of Bulk Data have no version; what they say tells such versions apart. */
    private static final String VERSION = "coalesce(version, digest::text) as version";

    @Override
    public ResourceRelation of(String resourceType, boolean withId, boolean withMeta) {
        return new ResourceRelation(live(resourceType, ""), false, serverBase);
    }

    @Override
    public ResourceRelation among(String table, String resourceType, boolean withId, boolean withMeta) {
        return new ResourceRelation(
                live(resourceType, "\n   and res_id in (select res_id from " + table + ")"), false, serverBase);
    }

    // Stored as jsonb and with id and meta: there is nothing to parse or to add. Adding nothing, behind a fence,
    // unpacks
    // a compressed resource once and not for every column, which halves the cost of a view.
    private static String live(String resourceType, String restriction) {
        return """
                select key, %s, resource || '{}' as resource
                  from %s
                 where type = %s and not deleted%s
                offset '0'""".formatted(VERSION, NAME, Identifiers.literal(resourceType), restriction);
    }

    @Override
    public String identities(String resourceType) {
        return """
                select res_id, key, %s, not deleted as live
                  from %s
                 where type = %s""".formatted(VERSION, NAME, Identifiers.literal(resourceType));
    }

    @Override
    public String updatedSince(String resourceType, Instant moment) {
        return """
                select res_id, key
                  from %s
                 where type = %s and updated >= %s::timestamptz""".formatted(NAME, Identifiers.literal(resourceType), Identifiers.literal(moment.toString()));
    }

    @Override
    public String writtenUpTo(String resourceType, String age) {
        return Sweep.query(NAME, "type", "res_id", resourceType, age);
    }

    @Override
    public Resources lasting() {
        return this;
    }

    /** Its columns never change. */
    @Override
    public String layout() {
        return "''";
    }

    @Override
    public Optional<String> tagDigests(String resourceType) {
        return Optional.empty();
    }

    @Override
    public boolean hasAtLeast(Connection connection, String resourceType, long count) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select count(*) from (select from " + NAME + " where type = ? and not deleted limit ?) live")) {
            statement.setString(1, resourceType);
            statement.setLong(2, count);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1) >= count;
            }
        }
    }

    @Override
    public ResourceRelation except(String table, String resourceType, boolean withId, boolean withMeta) {
        return new ResourceRelation(
                live(resourceType, "\n   and res_id not in (select res_id from " + table + ")"), false, serverBase);
    }

    @Override
    public Optional<String> unreadable(String resourceType) {
        return Optional.empty();
    }

    @Override
    public Set<String> typesWithUnreadable(Connection connection, Collection<String> resourceTypes) {
        return Set.of();
    }

    @Override
    public boolean needsDecoding(Connection connection) {
        return false;
    }

    @Override
    public long decode(Connection reader, Connection writer, Collection<String> resourceTypes, long[] ids) {
        return 0;
    }

    @Override
    public SourceState state(Connection connection) throws SQLException {
        return SourceState.read(connection, NAME, List.of());
    }

    @Override
    public Optional<Sweep> changes(Connection connection, int age) throws SQLException {
        return Sweep.ofAll(connection, NAME, "type", "res_id", age);
    }

    @Override
    public Optional<Sweep> changes(Connection connection, Collection<String> resourceTypes, int age)
            throws SQLException {
        return Sweep.of(connection, NAME, "type", "res_id", resourceTypes, age);
    }

    /** Its times have offsets. */
    @Override
    public Optional<Duration> ahead(Connection connection) {
        return Optional.empty();
    }
}
