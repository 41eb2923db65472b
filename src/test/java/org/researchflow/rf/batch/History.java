package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;

/**
 * What a HAPI server might write in a while, at random: several transactions at a time, each on resources that no other
 * one works on (they would wait for each other), with parts that are rolled back, clocks that go wrong, and gaps in the
 * versions. The same seed gives the same history.
 */
public final class History implements AutoCloseable {

    private static final int WRITERS = 3;

    private final Random random;
    private final SortedMap<String, List<String>> bodies;
    private final List<Writer> writers = new ArrayList<>();
    private final Map<Long, Writer> owners = new HashMap<>();
    private final List<String> told = new ArrayList<>();
    private final boolean obstacles;
    private boolean traceless;

    /** A connection with its transaction. */
    private static final class Writer {
        private final int number;
        private final Connection connection;
        private final HapiWriter hapi;
        private boolean traceless;

        Writer(int number, Connection connection) throws SQLException {
            this.number = number;
            this.connection = connection;
            this.hapi = new HapiWriter(connection);
            connection.setAutoCommit(false);
        }
    }

    /** A resource as a writer sees it. */
    private record Resource(long id, String fhirId, String type, boolean live) {}

    /**
     * Begins.
     *
     * @param bodies what versions may hold, by type
     */
    public History(TestDatabase database, long seed, SortedMap<String, List<String>> bodies) throws SQLException {
        this(database, seed, bodies, true);
    }

    private History(TestDatabase database, long seed, SortedMap<String, List<String>> bodies, boolean obstacles)
            throws SQLException {
        this.random = new Random(seed);
        this.obstacles = obstacles;
        this.bodies = bodies;
        for (int i = 0; i < WRITERS; i++) {
            writers.add(new Writer(i, database.connect()));
        }
    }

    /** The same where every body can be read, and nothing happens without a trace. */
    public static History readable(TestDatabase database, long seed, SortedMap<String, List<String>> bodies)
            throws SQLException {
        return new History(database, seed, bodies, false);
    }

    /** Whether something was committed since the last call that leaves no newer row behind. */
    public boolean leftNoTrace() {
        boolean was = traceless;
        traceless = false;
        return was;
    }

    /** The steps up to now, for whoever has to understand a failure. */
    public String told() {
        return String.join("\n", told);
    }

    public void step() throws SQLException {
        Writer writer = writers.get(random.nextInt(WRITERS));
        switch (random.nextInt(12)) {
            case 0, 1, 2 -> end(writer, random.nextInt(5) > 0);
            case 3, 4 -> part(writer);
            case 5 -> {
                if (obstacles) {
                    leaveNoTrace(writer);
                }
            }
            default -> write(writer);
        }
    }

    /** Commits what is open. */
    public void finish() throws SQLException {
        for (Writer writer : writers) {
            end(writer, true);
        }
    }

    @Override
    public void close() throws SQLException {
        for (Writer writer : writers) {
            writer.connection.close();
        }
    }

    private void write(Writer writer) throws SQLException {
        Optional<Resource> chosen = random.nextInt(4) == 0 ? Optional.empty() : resource(writer);
        if (chosen.isEmpty()) {
            create(writer);
            return;
        }
        Resource resource = chosen.get();
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> delete(writer, resource);
            case 3 -> replace(writer, resource);
            default -> update(writer, resource);
        }
    }

    private void create(Writer writer) throws SQLException {
        String type = List.copyOf(bodies.keySet()).get(random.nextInt(bodies.size()));
        String body = body(type);
        long id = random.nextBoolean()
                ? writer.hapi.create(type, body)
                : writer.hapi.create("client-" + random.nextLong(), type, body);
        tell(writer, "create " + type + " " + id);
        keep(writer, id, body);
    }

    private void update(Writer writer, Resource resource) throws SQLException {
        tell(writer, (resource.live() ? "update " : "bring back ") + resource.id());
        String body = body(resource.type());
        writer.hapi.update(resource.id(), body, random.nextInt(10) == 0 ? 1 : 0);
        keep(writer, resource.id(), body);
        writer.hapi.touch(resource.id(), random.nextInt(100_000) - 50_000);
    }

    /** The body of a new version is kept in one of HAPI's ways, or is out of reach. */
    private void keep(Writer writer, long id, String body) throws SQLException {
        switch (obstacles ? random.nextInt(12) : 11) {
            case 0, 1, 2 -> store(writer, id, body, HapiWriter.Storage.LARGE_OBJECT);
            case 3 -> store(writer, id, body, HapiWriter.Storage.ELSEWHERE);
            case 4 -> store(writer, id, body, HapiWriter.Storage.NOWHERE);
            case 5 -> store(writer, id, body, HapiWriter.Storage.BROKEN);
            case 6 -> {
                tell(writer, "lose the version of " + id);
                writer.hapi.loseVersion(id);
            }
            default -> {}
        }
    }

    private void store(Writer writer, long id, String body, HapiWriter.Storage storage) throws SQLException {
        tell(writer, "store " + id + " " + storage);
        writer.hapi.store(id, body, storage);
    }

    private void delete(Writer writer, Resource resource) throws SQLException {
        if (resource.live()) {
            tell(writer, "delete " + resource.id());
            writer.hapi.delete(resource.id(), random.nextBoolean());
        }
    }

    /** Another resource with the same id, whose versions begin anew. */
    private void replace(Writer writer, Resource resource) throws SQLException {
        tell(writer, "expunge and create again " + resource.id());
        writer.hapi.expunge(resource.id());
        writer.hapi.create(resource.fhirId(), resource.type(), body(resource.type()));
    }

    private void leaveNoTrace(Writer writer) throws SQLException {
        Optional<Resource> chosen = resource(writer);
        if (chosen.isPresent()) {
            long id = chosen.get().id();
            writer.traceless = true;
            switch (random.nextInt(4)) {
                case 0 -> {
                    tell(writer, "expunge " + id);
                    writer.hapi.expunge(id);
                }
                case 1 -> {
                    tell(writer, "untag " + id);
                    writer.hapi.untag(id);
                }
                default -> {
                    tell(writer, "tag " + id);
                    writer.hapi.tag(id, "study-" + random.nextInt(3));
                }
            }
        }
    }

    /** What a savepoint holds is written by a transaction id of its own; it is kept, or rolled back. */
    private void part(Writer writer) throws SQLException {
        tell(writer, "savepoint");
        Savepoint savepoint = writer.connection.setSavepoint();
        write(writer);
        if (random.nextBoolean()) {
            tell(writer, "rollback to savepoint");
            writer.connection.rollback(savepoint);
        } else {
            writer.connection.releaseSavepoint(savepoint);
            write(writer);
        }
    }

    private void end(Writer writer, boolean commit) throws SQLException {
        tell(writer, commit ? "commit" : "rollback");
        if (commit) {
            writer.connection.commit();
            traceless |= writer.traceless;
        } else {
            writer.connection.rollback();
        }
        writer.traceless = false;
        owners.values().removeIf(owner -> owner == writer);
    }

    /** One that no other writer works on; it belongs to this one until its transaction ends. */
    private Optional<Resource> resource(Writer writer) throws SQLException {
        List<Resource> free = new ArrayList<>();
        try (PreparedStatement statement = writer.connection.prepareStatement("""
                        select res_id, fhir_id, res_type, res_deleted_at is null as live
                          from hfj_resource where res_type = ? order by res_id
                        """)) {
            statement.setString(1, List.copyOf(bodies.keySet()).get(random.nextInt(bodies.size())));
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    Writer owner = owners.getOrDefault(row.getLong("res_id"), writer);
                    if (owner == writer) {
                        free.add(new Resource(
                                row.getLong("res_id"),
                                row.getString("fhir_id"),
                                row.getString("res_type"),
                                row.getBoolean("live")));
                    }
                }
            }
        }
        if (free.isEmpty()) {
            return Optional.empty();
        }
        Resource chosen = free.get(random.nextInt(free.size()));
        owners.put(chosen.id(), writer);
        return Optional.of(chosen);
    }

    private String body(String type) {
        List<String> some = bodies.getOrDefault(type, List.of());
        int chosen = random.nextInt(some.size() + 1);
        return chosen == some.size() ? "{\"resourceType\":\"" + type + "\"}" : some.get(chosen);
    }

    private void tell(Writer writer, String what) {
        told.add("writer " + writer.number + ": " + what);
    }
}
