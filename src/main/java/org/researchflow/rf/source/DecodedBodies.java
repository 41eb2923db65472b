package org.researchflow.rf.source;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.researchflow.rf.sql.Identifiers;

/**
 * The table of the bodies that were decoded out of large objects, one row a version. PostgreSQL cannot unpack them by
 * itself. A row belongs to one large object: where history was rewritten there is another one.
 *
 * @param schema of HAPI's tables
 */
record DecodedBodies(HapiSchema schema) {

    private static final String TABLE = "sqlonfhir_store.body";

    /** Creates the table; {@code problem} says why a body could not be decoded, and never will be. */
    static final String CREATION = """
            create table if not exists sqlonfhir_store.body (
              hapi_schema text not null,
              res_id bigint not null,
              partition_id integer not null,
              res_ver bigint not null,
              large_object oid not null,
              resource text,
              problem text,
              primary key (hapi_schema, res_id, partition_id, res_ver)
            );
            comment on table sqlonfhir_store.body is 'What HAPI keeps in compressed large objects, decoded: current versions only';
            """;

    /** Whether there are any that this role may read; then relations look into the table. */
    static boolean exist(Connection connection, HapiSchema schema) throws SQLException {
        if (!schema.has("hfj_res_ver", "res_text") || !mayRead(connection)) {
            return false;
        }
        try (PreparedStatement statement =
                connection.prepareStatement("select exists (select from " + TABLE + " where hapi_schema = ?)")) {
            statement.setString(1, schema.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    private static boolean mayRead(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select has_schema_privilege(n.oid, 'usage') and has_table_privilege(c.oid, 'select')
                          from pg_catalog.pg_class c
                          join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                         where n.nspname = 'sqlonfhir_store' and c.relname = 'body'
                        """)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** The join of a resource {@code r} in its current version {@code v} with its decoded body {@code b}. */
    String join() {
        return "  left join " + TABLE + " b on b.hapi_schema = " + Identifiers.literal(schema.name())
                + " and b.res_id = r.res_id and b.partition_id = " + schema.partition("r")
                + " and b.res_ver = r.res_ver and b.large_object = v.res_text\n";
    }

    /** Removes what is no longer current. Whoever reads an older state of the database still sees it. */
    void forgetPast(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(past(""))) {
            statement.setString(1, schema.name());
            statement.executeUpdate();
        }
    }

    /** The same of some internal ids, at their cost. */
    void forgetPast(Connection connection, long[] ids) throws SQLException {
        Array array = connection.unwrap(PGConnection.class).createArrayOf("int8", ids);
        try (PreparedStatement statement = connection.prepareStatement(past(" and b.res_id = any (?)"))) {
            statement.setString(1, schema.name());
            statement.setArray(2, array);
            statement.executeUpdate();
        } finally {
            array.free();
        }
    }

    private String past(String restriction) {
        return """
                delete from %s b
                 where b.hapi_schema = ?%s
                   and not exists (select from %s r
                                    where r.res_id = b.res_id and %s = b.partition_id and r.res_ver = b.res_ver
                                      and r.res_deleted_at is null)
                """.formatted(TABLE, restriction, schema.table("hfj_resource"), schema.partition("r"));
    }

    void analyze(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("analyze " + TABLE);
        }
    }

    /** Removes what there is for a version, so that another body can take its place. */
    void clear(Connection connection, LargeObjects.Body body) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("delete from " + TABLE
                + " where hapi_schema = ? and res_id = ? and partition_id = ? and res_ver = ?")) {
            statement.setString(1, schema.name());
            statement.setLong(2, body.resId());
            statement.setInt(3, body.partition());
            statement.setLong(4, body.version());
            statement.executeUpdate();
        }
    }

    static String copy() {
        return "copy " + TABLE
                + " (hapi_schema, res_id, partition_id, res_ver, large_object, problem, resource) from stdin";
    }
}
