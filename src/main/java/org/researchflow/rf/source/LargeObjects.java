package org.researchflow.rf.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
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
import java.util.Set;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.researchflow.rf.db.Transactions;

/**
 * The decoding of bodies that HAPI before 7.0 kept in large objects, mostly compressed, into {@link DecodedBodies}.
 * Each version is decoded once. Memory is bounded, however many and however large they are: one connection reads in
 * chunks, the other one copies into the table and commits after every few.
 */
final class LargeObjects {

    /** Whether this role may read a large object {@code m}; before PostgreSQL 18 no function tells. */
    static final String READABLE = """
            (current_setting('lo_compat_privileges')::boolean
             or (select rolsuper from pg_catalog.pg_roles where rolname = current_user)
             or pg_has_role(m.lomowner, 'usage')
             or exists (select from aclexplode(m.lomacl) a
                         where a.privilege_type = 'SELECT'
                           and (a.grantee = 0 or pg_has_role(a.grantee, 'usage'))))""";

    private static final int BATCH = 100;

    /** Larger bodies are read twice instead of held. */
    private static final int HELD = 1 << 20;

    /** The object is gone, or the right to read it: since it was looked up. */
    private static final Set<String> OUT_OF_REACH = Set.of("42704", "42501");

    private final DecodedBodies decoded;
    private final HapiSchema schema;

    LargeObjects(HapiSchema schema) {
        this.schema = schema;
        this.decoded = new DecodedBodies(schema);
    }

    /**
     * The body of a version.
     *
     * @param compressed whether it is gzip
     */
    record Body(long resId, int partition, long version, long oid, boolean compressed) {}

    /** Whether this database has any at all. */
    boolean exist(Connection connection) throws SQLException {
        if (!schema.has("hfj_res_ver", "res_text")) {
            return false;
        }
        try (PreparedStatement statement =
                        connection.prepareStatement("select exists (select from pg_catalog.pg_largeobject_metadata)");
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /**
     * Decodes the current bodies of live resources that are not decoded yet: all of some types, and those of some
     * internal ids. Returns how many.
     */
    long decode(Connection reader, Connection writer, Collection<String> types, long[] ids) throws SQLException {
        long count = 0;
        if (!types.isEmpty()) {
            Array array = reader.createArrayOf("text", types.toArray());
            count += decode(reader, writer, "r.res_type = any (?)", array);
        }
        if (ids.length > 0) {
            Array array = reader.unwrap(PGConnection.class).createArrayOf("int8", ids);
            count += decode(reader, writer, "r.res_id = any (?)", array);
        }
        if (count > 0) {
            decoded.analyze(writer);
        }
        return count;
    }

    private long decode(Connection reader, Connection writer, String restriction, Array parameter) throws SQLException {
        return Transactions.read(reader, _ -> {
            long count = 0;
            try (PreparedStatement statement = reader.prepareStatement(undecoded(restriction))) {
                statement.setFetchSize(BATCH);
                statement.setArray(1, parameter);
                try (ResultSet row = statement.executeQuery()) {
                    List<Body> batch = new ArrayList<>();
                    while (row.next()) {
                        batch.add(new Body(
                                row.getLong("res_id"),
                                row.getInt("partition_id"),
                                row.getLong("res_ver"),
                                row.getLong("res_text"),
                                row.getString("res_encoding").equals("JSONC")));
                        if (batch.size() == BATCH) {
                            count += decode(reader, writer, batch);
                            batch.clear();
                        }
                    }
                    return count + decode(reader, writer, batch);
                }
            } finally {
                parameter.free();
            }
        });
    }

    private String undecoded(String restriction) {
        String text = schema.has("hfj_res_ver", "res_text_vc") ? " and v.res_text_vc is null" : "";
        return """
                select r.res_id, %s as partition_id, r.res_ver, v.res_encoding, v.res_text
                  from %s r
                  join %s v on %s
                  join pg_catalog.pg_largeobject_metadata m on m.oid = v.res_text
                %s where r.res_deleted_at is null and b.res_id is null and v.res_encoding in ('JSON', 'JSONC')%s
                   and %s
                   and %s
                """.formatted(
                        schema.partition("r"),
                        schema.table("hfj_resource"),
                        schema.table("hfj_res_ver"),
                        schema.currentVersion(),
                        decoded.join(),
                        text,
                        restriction,
                        READABLE);
    }

    private long decode(Connection reader, Connection writer, List<Body> batch) throws SQLException {
        if (batch.isEmpty()) {
            return 0;
        }
        Map<Long, byte[]> starts = starts(reader, batch);
        return Transactions.write(writer, _ -> {
            for (Body body : batch) {
                decoded.clear(writer, body);
            }
            CopyIn copy = writer.unwrap(PGConnection.class).getCopyAPI().copyIn(DecodedBodies.copy());
            try {
                long count = 0;
                for (Body body : batch) {
                    byte[] start = starts.get(body.oid());
                    if (start != null) {
                        copy(reader, copy, body, start);
                        count++;
                    }
                }
                copy.endCopy();
                return count;
            } finally {
                if (copy.isActive()) {
                    copy.cancelCopy();
                }
            }
        });
    }

    private Map<Long, byte[]> starts(Connection reader, List<Body> batch) throws SQLException {
        Savepoint before = reader.setSavepoint();
        try {
            Map<Long, byte[]> starts = new HashMap<>();
            Array oids =
                    reader.createArrayOf("int8", batch.stream().map(Body::oid).toArray());
            try (PreparedStatement statement = reader.prepareStatement(
                    "select o, lo_get(o::oid, 0, " + LargeObjectStream.FIRST_CHUNK + ") from unnest(?::bigint[]) o")) {
                statement.setArray(1, oids);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        starts.put(row.getLong(1), row.getBytes(2));
                    }
                }
            } finally {
                oids.free();
            }
            reader.releaseSavepoint(before);
            return starts;
        } catch (SQLException e) {
            if (!OUT_OF_REACH.contains(e.getSQLState())) {
                throw e;
            }
            reader.rollback(before);
            return batch.size() == 1 ? Map.of() : oneByOne(reader, batch);
        }
    }

    /** One of them cannot be read; the others can. */
    private Map<Long, byte[]> oneByOne(Connection reader, List<Body> batch) throws SQLException {
        Map<Long, byte[]> starts = new HashMap<>();
        for (Body body : batch) {
            starts.putAll(starts(reader, List.of(body)));
        }
        return starts;
    }

    private void copy(Connection reader, CopyIn copy, Body body, byte[] start) throws SQLException {
        Held held = new Held();
        try {
            BodyText.write(new LargeObjectStream(reader, body.oid(), start), body.compressed(), held);
        } catch (LargeObjectStream.DatabaseStopped e) {
            throw e.error();
        } catch (BodyText.Unfit e) {
            write(copy, line(body, e.obstacle().name(), "\\N\n"));
            return;
        } catch (IOException _) {
            // gzip that ends early or fails its checksum, or text that is not UTF-8
            write(copy, line(body, Obstacle.CORRUPT.name(), "\\N\n"));
            return;
        }
        write(copy, line(body, "\\N", ""));
        if (held.isWhole()) {
            write(copy, held.toByteArray());
        } else {
            stream(reader, copy, body, start);
        }
        write(copy, new byte[] {'\n'});
    }

    private static void stream(Connection reader, CopyIn copy, Body body, byte[] start) throws SQLException {
        try {
            BodyText.write(new LargeObjectStream(reader, body.oid(), start), body.compressed(), new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    try {
                        copy.writeToCopy(bytes, offset, length);
                    } catch (SQLException e) {
                        throw new LargeObjectStream.DatabaseStopped(e);
                    }
                }
            });
        } catch (LargeObjectStream.DatabaseStopped e) {
            throw e.error();
        } catch (IOException e) {
            throw new IllegalStateException("what was read once in this snapshot can be read again", e);
        }
    }

    private byte[] line(Body body, String problem, String resource) {
        String name = schema.name()
                .replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
        return String.join(
                        "\t",
                        name,
                        Long.toString(body.resId()),
                        Integer.toString(body.partition()),
                        Long.toString(body.version()),
                        Long.toString(body.oid()),
                        problem,
                        resource)
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void write(CopyIn copy, byte[] bytes) throws SQLException {
        copy.writeToCopy(bytes, 0, bytes.length);
    }

    /** What was decoded, as long as it is not too much to hold. */
    private static final class Held extends OutputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean whole = true;

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] more, int offset, int length) {
            whole &= bytes.size() + length <= HELD;
            if (whole) {
                bytes.write(more, offset, length);
            }
        }

        boolean isWhole() {
            return whole;
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}
