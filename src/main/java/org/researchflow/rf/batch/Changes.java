package org.researchflow.rf.batch;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;
import org.researchflow.rf.sql.Identifiers;

/**
 * The table of the resources whose rows an incremental refresh replaces, by internal id and by key. It lives in the
 * transaction only. (A temporary table would need a right that careful administrators take away.)
 *
 * @param table its name as SQL text
 * @param identities the query of all resources of the type
 */
record Changes(Connection connection, String table, String identities) {

    static Changes create(Connection connection, long number, String identities) throws SQLException {
        String table = Identifiers.qualified(Catalog.STORE, "v" + number + "_changes");
        Changes changes = new Changes(connection, table, identities);
        changes.execute("create unlogged table " + table + " (res_id bigint, key text not null)");
        return changes;
    }

    /** Adds resources that are there, deleted or not. */
    void add(long[] ids) throws SQLException {
        Array array = connection.unwrap(PGConnection.class).createArrayOf("int8", ids);
        try (PreparedStatement statement = connection.prepareStatement("insert into " + table
                + " (res_id, key)\nselect i.res_id, i.key\n  from (" + identities
                + ") i\n where i.res_id = any (?)")) {
            statement.setArray(1, array);
            statement.executeUpdate();
        } finally {
            array.free();
        }
    }

    /** Adds the keys of stored rows whose resource is gone, or is there in another version. */
    void addStale(String store) throws SQLException {
        execute("""
                insert into %s (res_id, key)
                select i.res_id, s.rf_key
                  from (select distinct rf_key, rf_version from %s) s
                  left join (%s) i on i.key = s.rf_key
                 where i.res_id is null or not i.live or i.version <> s.rf_version
                """.formatted(table, store, identities));
    }

    /** Adds the resources that have an internal id together with one of these: their rows are made anew with its. */
    void widen() throws SQLException {
        execute("""
                insert into %1$s (res_id, key)
                select i.res_id, i.key
                  from (%2$s) i
                 where i.res_id in (select res_id from %1$s)
                   and not exists (select from %1$s c where c.key = i.key)
                """.formatted(table, identities));
    }

    /** Makes the planner know how few they are. */
    void analyze() throws SQLException {
        execute("analyze " + table);
    }

    long count() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(distinct key) from " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    void drop() throws SQLException {
        execute("drop table " + table);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
