package org.researchflow.rf.acceptance;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.TestDatabase;

/**
 * Writes into HAPI's tables as a HAPI 8.8.0 server does: every change is a new version, a delete one without a body.
 *
 * @param database HAPI's
 */
record HapiServer(TestDatabase database) {

    void create(String type, String id, String body) throws SQLException {
        execute("""
                insert into hfj_resource
                select (jsonb_populate_record(r, jsonb_build_object(
                         'res_id', (select max(res_id) + 1 from hfj_resource),
                         'fhir_id', ?, 'res_ver', 0, 'res_deleted_at', null))).*
                  from hfj_resource r where r.res_type = ? limit 1
                """, id, type);
        newVersion(type, id, body);
    }

    /** Also brings back what is deleted. */
    void update(String type, String id, String body) throws SQLException {
        newVersion(type, id, body);
    }

    void delete(String type, String id) throws SQLException {
        newVersion(type, id, null);
    }

    private void newVersion(String type, String id, @Nullable String body) throws SQLException {
        execute("""
                with changed as (
                  update hfj_resource
                     set res_ver = res_ver + 1, res_updated = localtimestamp,
                         res_deleted_at = case when ?::text is null then localtimestamp end
                   where res_type = ? and fhir_id = ?
                  returning *)
                insert into hfj_res_ver (pid, res_id, res_ver, res_type, res_encoding, res_text_vc, has_tags,
                                         res_published, res_updated, res_deleted_at)
                select (select max(pid) + 1 from hfj_res_ver), c.res_id, c.res_ver, c.res_type,
                       case when c.res_deleted_at is null then 'JSON' else 'DEL' end, ?, c.has_tags,
                       c.res_published, c.res_updated, c.res_deleted_at
                  from changed c
                """, body, type, id, body);
    }

    private void execute(String sql, @Nullable String... parameters) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            if (statement.executeUpdate() != 1) {
                throw new AssertionError("not one row changed");
            }
        }
    }
}
