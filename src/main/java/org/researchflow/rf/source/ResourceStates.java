package org.researchflow.rf.source;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Reads the newest versions of resources by their internal numbers, deleted and unreadable ones included: whatever its
 * body holds, none of them is left out.
 *
 * @param connection in a transaction
 */
public record ResourceStates(Connection connection, Resources resources) {

    /** PostgreSQL's class of errors that values cause. */
    private static final String DATA_EXCEPTION = "22";

    /**
     * A resource without its body.
     *
     * @param key as {@code getResourceKey()} gives it
     * @param transaction the id (xid8) of the transaction that wrote its newest version
     */
    public record Identity(long resId, String key, long transaction) {}

    /** Who they are; of those that are not there any more, nothing is said. */
    public List<Identity> identities(String resourceType, WrittenResources written) throws SQLException {
        List<Identity> found = new ArrayList<>();
        try (PreparedStatement statement =
                connection.prepareStatement("""
                select i.res_id, i.key, c.transaction
                  from unnest(?::bigint[], ?::bigint[]) as c (res_id, transaction)
                  join (%s) i on i.res_id = c.res_id""".formatted(resources.identities(resourceType)))) {
            bind(statement, written);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    found.add(new Identity(row.getLong(1), row.getString(2), row.getLong(3)));
                }
            }
        }
        return found;
    }

    /** The internal numbers of resources, by their keys. */
    public Map<String, Long> numbers(String resourceType, Collection<String> keys) throws SQLException {
        Map<String, Long> numbers = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "select i.key, i.res_id from (" + resources.identities(resourceType) + ") i where i.key = any (?)")) {
            statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    numbers.put(row.getString(1), row.getLong(2));
                }
            }
        }
        return numbers;
    }

    /** Reads them with their bodies. A body that PostgreSQL takes offence at is found by halving. */
    public List<ResourceState> read(String resourceType, WrittenResources written) throws SQLException {
        Savepoint before = connection.setSavepoint();
        try {
            List<ResourceState> states = select(resourceType, written, true);
            connection.releaseSavepoint(before);
            return states;
        } catch (SQLException e) {
            if (!String.valueOf(e.getSQLState()).startsWith(DATA_EXCEPTION)) {
                throw e;
            }
            connection.rollback(before);
            if (written.size() == 1) {
                return select(resourceType, written, false);
            }
            int half = written.size() / 2;
            List<ResourceState> states = new ArrayList<>(read(resourceType, written.part(0, half)));
            states.addAll(read(resourceType, written.part(half, written.size())));
            return states;
        }
    }

    private List<ResourceState> select(String resourceType, WrittenResources written, boolean parsed)
            throws SQLException {
        List<ResourceState> found = new ArrayList<>();
        String bodies = parsed
                ? resources.among("changed", resourceType, true, true).query()
                : "select null::text as key, null::jsonb as resource";
        boolean whole = true;
        // Numbers may stand for several resources: which body is whose is told by the key. Computed once, and not for
        // every resource again.
        try (PreparedStatement statement =
                connection.prepareStatement("""
                with changed as materialized (
                  select res_id, transaction from unnest(?::bigint[], ?::bigint[]) as c (res_id, transaction)),
                bodies as materialized (
                %s)
                select i.res_id, i.key, i.version::text as version, i.live, c.transaction, r.resource::text as resource
                  from changed c
                  join (%s) i on i.res_id = c.res_id
                  left join bodies r on r.key = i.key""".formatted(bodies, resources.identities(resourceType)))) {
            bind(statement, written);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    ResourceState state = new ResourceState(
                            row.getLong("res_id"),
                            resourceType,
                            row.getString("key"),
                            row.getString("version"),
                            row.getLong("transaction"),
                            body(row));
                    whole &= !(state.body() instanceof ResourceState.Body.Unreadable);
                    found.add(state);
                }
            }
        }
        return whole ? found : explained(resourceType, written, found);
    }

    /** A body that is where it should be, and yet was not read, holds no JSON. */
    private static ResourceState.Body body(ResultSet row) throws SQLException {
        if (!row.getBoolean("live")) {
            return new ResourceState.Body.Deleted();
        }
        @Nullable String resource = row.getString("resource");
        return resource == null
                ? new ResourceState.Body.Unreadable(Obstacle.INVALID_JSON)
                : new ResourceState.Body.Json(resource);
    }

    private List<ResourceState> explained(String resourceType, WrittenResources written, List<ResourceState> states)
            throws SQLException {
        Optional<String> unreadable = resources.unreadable(resourceType);
        if (unreadable.isEmpty()) {
            return states;
        }
        Map<String, Obstacle> obstacles = new HashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(
                "select key, reason from (" + unreadable.get() + ") u where res_id = any (?)")) {
            statement.setArray(1, connection.unwrap(PGConnection.class).createArrayOf("int8", written.ids()));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    obstacles.put(row.getString("key"), Obstacle.valueOf(row.getString("reason")));
                }
            }
        }
        return states.stream()
                .map(state -> state.body() instanceof ResourceState.Body.Unreadable(Obstacle otherwise)
                        ? state.unreadable(obstacles.getOrDefault(state.key(), otherwise))
                        : state)
                .toList();
    }

    private void bind(PreparedStatement statement, WrittenResources written) throws SQLException {
        PGConnection postgres = connection.unwrap(PGConnection.class);
        Array numbers = postgres.createArrayOf("int8", written.ids());
        Array writers = postgres.createArrayOf("int8", written.transactions());
        statement.setArray(1, numbers);
        statement.setArray(2, writers);
    }
}
