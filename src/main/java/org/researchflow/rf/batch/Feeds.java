package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far rf's own resource table follows FHIR servers: the position of each server and type, in the catalog. */
public final class Feeds {

    /** Creates the table, where analysts may read it: answers say what they rest on. */
    static final String CREATION = """
            create table if not exists sqlonfhir.feed (
              server text not null,
              resource_type text not null,
              since timestamptz not null,
              read_at timestamptz not null,
              overlap interval not null,
              tells_deletions boolean not null,
              primary key (server, resource_type)
            );
            alter table sqlonfhir.feed add column if not exists rejected_at timestamptz;
            comment on table sqlonfhir.feed is 'FHIR servers that rf poll-fhir reads over REST, and how far';
            """;

    private static final String THERE = "select to_regclass('sqlonfhir.feed') is not null";

    private final Connection connection;

    private Feeds(Connection connection) {
        this.connection = connection;
    }

    /**
     * What answers from the table rest on.
     *
     * @param readAt what was visible on the servers then was read
     * @param overlap for how long what was written may stay invisible without being missed
     * @param deletions whether deletions were told
     * @param whole whether everything could be taken that they told
     */
    public record Told(Instant readAt, Duration overlap, boolean deletions, boolean whole) {}

    /** Those of a database, whose catalog is made if there is none. */
    public static Feeds open(Connection connection) throws SQLException {
        CatalogTables.create(connection);
        return new Feeds(connection);
    }

    /** From when on a server is to be asked; empty when it never was. */
    public Optional<Instant> since(String server, String resourceType) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select since from sqlonfhir.feed where server = ? and resource_type = ?")) {
            statement.setString(1, server);
            statement.setString(2, resourceType);
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? Optional.of(row.getObject(1, OffsetDateTime.class).toInstant())
                        : Optional.empty();
            }
        }
    }

    /** The types that are read from a server, or, where there are none, all that rf has views or resources of. */
    public List<String> types(String server) throws SQLException {
        List<String> found = texts("select resource_type from sqlonfhir.feed where server = ? order by 1", server);
        return found.isEmpty() ? texts("""
                        select resource_type from sqlonfhir.materialized_view_metadata where kind = 'ViewDefinition'
                         union
                        select type from rf.resource
                         order by 1
                        """) : found;
    }

    private List<String> texts(String query, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                List<String> found = new ArrayList<>();
                while (row.next()) {
                    found.add(row.getString(1));
                }
                return found;
            }
        }
    }

    /**
     * Keeps that everything a server had was read.
     *
     * @param loaded the moment of the last export that was loaded: what could not be taken before then is in it
     */
    public void moved(String server, String resourceType, Instant since, Told told, Optional<Instant> loaded)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into sqlonfhir.feed as f
                       (server, resource_type, since, read_at, overlap, tells_deletions, rejected_at)
                values (?, ?, ?, ?, make_interval(secs => ?), ?, ?)
                    on conflict (server, resource_type) do update
                   set since = excluded.since, read_at = excluded.read_at, overlap = excluded.overlap,
                       tells_deletions = excluded.tells_deletions,
                       rejected_at = coalesce(excluded.rejected_at, case when f.rejected_at > ? then f.rejected_at end)
                """)) {
            statement.setString(1, server);
            statement.setString(2, resourceType);
            statement.setObject(3, since.atOffset(ZoneOffset.UTC));
            statement.setObject(4, told.readAt().atOffset(ZoneOffset.UTC));
            statement.setDouble(5, told.overlap().toMillis() / 1000.0);
            statement.setBoolean(6, told.deletions());
            OffsetDateTime readAt = told.readAt().atOffset(ZoneOffset.UTC);
            statement.setObject(7, told.whole() ? null : readAt, Types.TIMESTAMP_WITH_TIMEZONE);
            statement.setObject(8, loaded.orElse(Instant.EPOCH).atOffset(ZoneOffset.UTC));
            statement.executeUpdate();
        }
    }

    /** What answers about some types rest on; empty when no server is followed for any of them. */
    public static Optional<Told> told(Connection connection, Collection<String> resourceTypes) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet there = statement.executeQuery(THERE)) {
            if (!there.next() || !there.getBoolean(1)) {
                return Optional.empty();
            }
        }
        try (PreparedStatement statement = connection.prepareStatement("""
                select min(read_at), extract(epoch from min(overlap))::bigint, bool_and(tells_deletions),
                       bool_and(to_jsonb(f) ->> 'rejected_at' is null)
                  from sqlonfhir.feed f
                 where resource_type = any (?)
                """)) {
            statement.setArray(1, connection.createArrayOf("text", resourceTypes.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                @Nullable OffsetDateTime at = row.getObject(1, OffsetDateTime.class);
                return at == null
                        ? Optional.empty()
                        : Optional.of(new Told(
                                at.toInstant(),
                                Duration.ofSeconds(row.getLong(2)),
                                row.getBoolean(3),
                                row.getBoolean(4)));
            }
        }
    }
}
