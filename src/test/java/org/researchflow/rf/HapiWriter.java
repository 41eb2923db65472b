package org.researchflow.rf;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.zip.GZIPOutputStream;

/**
 * Writes to HAPI's tables what a HAPI server writes, in the transactions of one connection. The server's clock, which
 * decides {@code res_updated}, may be anything.
 */
public record HapiWriter(Connection connection) {

    /** Numbers that no dump uses. */
    private static final long FIRST_ID = 5_000_000;

    public static void prepare(TestDatabase database) throws SQLException {
        database.execute("create sequence if not exists hapi_writer start " + FIRST_ID);
    }

    /** A resource with an id that the server gives; returns its internal id, which is the same number. */
    public long create(String type, String body) throws SQLException {
        long id = next();
        return create(id, Long.toString(id), type, body);
    }

    /** A resource with an id that the client gives. */
    public long create(String fhirId, String type, String body) throws SQLException {
        return create(next(), fhirId, type, body);
    }

    private long create(long id, String fhirId, String type, String body) throws SQLException {
        execute("""
                insert into hfj_resource (res_id, fhir_id, res_type, res_ver, res_version, has_tags, res_published,
                       res_updated, sp_has_links, sp_coords_present, sp_date_present, sp_number_present,
                       sp_quantity_nrml_present, sp_quantity_present, sp_string_present, sp_token_present,
                       sp_uri_present)
                values (?, ?, ?, 1, 'R4', false, now(), now(), false, false, false, false, false, false, false, false,
                       false)
                """, id, fhirId, type);
        version(id, body);
        return id;
    }

    /** A new version, after a gap of some numbers; a deleted resource comes back. */
    public void update(long id, String body, int gap) throws SQLException {
        execute("update hfj_resource set res_ver = res_ver + ?, res_deleted_at = null where res_id = ?", 1 + gap, id);
        version(id, body);
    }

    /** Old servers often write no tombstone. */
    public void delete(long id, boolean tombstone) throws SQLException {
        execute("update hfj_resource set res_ver = res_ver + 1, res_deleted_at = now() where res_id = ?", id);
        if (tombstone) {
            execute("""
                    insert into hfj_res_ver (pid, res_id, res_ver, res_type, res_encoding, has_tags, res_published,
                           res_updated, res_deleted_at)
                    select nextval('hapi_writer'), res_id, res_ver, res_type, 'DEL', has_tags, res_published,
                           res_updated, res_deleted_at
                      from hfj_resource where res_id = ?
                    """, id);
        }
    }

    /** How a server keeps the body of a version, or fails to. */
    public enum Storage {
        /** Compressed in a large object, as before HAPI 7.0. */
        LARGE_OBJECT("""
                res_text = lo_from_bytea(0, ?::bytea), res_text_vc = null, res_encoding = 'JSONC'"""),
        /** Outside of the database. */
        ELSEWHERE("res_encoding = 'ESR'"),
        /** Nowhere. */
        NOWHERE("res_text_vc = null"),
        /** As a text that is not JSON. */
        BROKEN("res_text_vc = 'no JSON'");

        private final String change;

        Storage(String change) {
            this.change = change;
        }
    }

    /** Keeps the current version that was just written in another way. */
    public void store(long id, String body, Storage storage) throws SQLException {
        String current = " where (res_id, res_ver) = (select res_id, res_ver from hfj_resource where res_id = ?)";
        if (storage == Storage.LARGE_OBJECT) {
            execute("update hfj_res_ver set " + storage.change + current, zipped(body), id);
        } else {
            execute("update hfj_res_ver set " + storage.change + current, id);
        }
    }

    /** A version row is lost. */
    public void loseVersion(long id) throws SQLException {
        execute(
                "delete from hfj_res_ver where (res_id, res_ver) = (select res_id, res_ver from hfj_resource where res_id = ?)",
                id);
    }

    private static byte[] zipped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** Leaves no trace. */
    public void expunge(long id) throws SQLException {
        execute("delete from hfj_res_tag where res_id = ?", id);
        execute("delete from hfj_history_tag where res_id = ?", id);
        execute("delete from hfj_res_ver where res_id = ?", id);
        execute("delete from hfj_resource where res_id = ?", id);
    }

    /** No new version, and nothing in {@code hfj_resource} changes. */
    public void tag(long id, String code) throws SQLException {
        execute("""
                insert into hfj_tag_def (tag_id, tag_code, tag_system, tag_type)
                select nextval('hapi_writer'), ?, 'urn:rf:test', 0
                 where not exists (select from hfj_tag_def where tag_code = ? and tag_type = 0)
                """, code, code);
        execute("""
                insert into hfj_res_tag (pid, tag_id, res_id, res_type)
                select nextval('hapi_writer'), min(d.tag_id), r.res_id, r.res_type
                  from hfj_tag_def d, hfj_resource r
                 where d.tag_code = ? and d.tag_type = 0 and r.res_id = ?
                   and not exists (select from hfj_res_tag t where t.tag_id = d.tag_id and t.res_id = r.res_id)
                 group by r.res_id, r.res_type
                """, code, id);
    }

    public void untag(long id) throws SQLException {
        execute("delete from hfj_res_tag where res_id = ?", id);
    }

    /** The server's clock at the start of a request, in a zone that it does not tell. */
    public void touch(long id, int secondsAgo) throws SQLException {
        execute(
                "update hfj_resource set res_updated = now() - make_interval(secs => ?) where res_id = ?",
                secondsAgo,
                id);
    }

    private void version(long id, String body) throws SQLException {
        execute("""
                insert into hfj_res_ver (pid, res_id, res_ver, res_type, res_encoding, has_tags, res_published,
                       res_updated, res_text_vc)
                select nextval('hapi_writer'), res_id, res_ver, res_type, 'JSON', has_tags, res_published,
                       res_updated, ?
                  from hfj_resource where res_id = ?
                """, body, id);
    }

    private long next() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select nextval('hapi_writer')")) {
            row.next();
            return row.getLong(1);
        }
    }

    private void execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        }
    }
}
