package org.researchflow.rf.bench;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/**
 * A HAPI server's database of any size, multiplied out of the one that HAPI 8.8.0 wrote: each copy has ids of its own,
 * and its references lead to its own patients. The tables have all of HAPI's indexes.
 *
 * @param resources how many there are, deleted ones included
 */
record LargeHapi(TestDatabase database, long resources) {

    /** Above all ids of the original. */
    private static final long STRIDE = 1_000_000;

    /** Multiplies until there are about so many resources. */
    static LargeHapi of(long size) throws SQLException {
        TestDatabase database = TestPostgres.hapi880();
        long original = database.count("select count(*) from hfj_resource");
        long copies = Math.max(0, Math.round((double) size / original) - 1);
        try (Connection connection = database.connect()) {
            execute(connection, "create sequence large_hapi start " + 1_000_000 * STRIDE);
            List<String> indexes = withoutIndexes(connection);
            String id = "res_id + k * " + STRIDE;
            String pid = "pid + k * " + STRIDE;
            copy(
                    connection,
                    "hfj_resource",
                    copies,
                    // No longer than HAPI's ids can be.
                    Map.of("res_id", id, "fhir_id", "left(k || '-' || fhir_id, 64)"));
            String references =
                    "replace(res_text_vc, '\"reference\":\"Patient/', '\"reference\":\"Patient/' || k || '-')";
            copy(connection, "hfj_res_ver", copies, Map.of("res_id", id, "pid", pid, "res_text_vc", references));
            copy(connection, "hfj_res_tag", copies, Map.of("res_id", id, "pid", pid));
            for (String index : indexes) {
                execute(connection, index);
            }
            execute(connection, "vacuum analyze");
            execute(connection, "checkpoint");
        }
        return new LargeHapi(database, database.count("select count(*) from hfj_resource"));
    }

    private static void copy(Connection connection, String table, long copies, Map<String, String> other)
            throws SQLException {
        List<String> columns = columns(connection, table);
        execute(
                connection,
                "insert into " + table + " (" + String.join(", ", columns) + ")\nselect "
                        + columns.stream()
                                .map(column -> other.getOrDefault(column, column))
                                .collect(Collectors.joining(", "))
                        + "\n  from " + table + " cross join generate_series(1, " + copies + ") k");
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select attname from pg_attribute where attrelid = '" + table
                        + "'::regclass and attnum > 0 and not attisdropped")) {
            while (row.next()) {
                columns.add(row.getString(1));
            }
        }
        return columns;
    }

    /** Drops indexes and foreign keys, and returns what makes the indexes again: filling them row by row takes hours. */
    private static List<String> withoutIndexes(Connection connection) throws SQLException {
        List<String> drop = new ArrayList<>();
        List<String> create = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select 'alter table ' || conrelid::regclass || ' drop constraint ' || conname || ' cascade' as drop,
                               'alter table ' || conrelid::regclass || ' add ' || pg_get_constraintdef(oid) as create,
                               contype = 'f' as foreign
                          from pg_constraint
                         where conrelid in ('hfj_resource'::regclass, 'hfj_res_ver'::regclass, 'hfj_res_tag'::regclass)
                           and contype in ('f', 'u', 'p')
                         union all
                        select 'drop index ' || indexrelid::regclass, pg_get_indexdef(indexrelid), false
                          from pg_index
                         where indrelid in ('hfj_resource'::regclass, 'hfj_res_ver'::regclass, 'hfj_res_tag'::regclass)
                           and not exists (select from pg_constraint where conindid = indexrelid)
                         order by 3 desc
                        """)) {
            while (row.next()) {
                drop.add(row.getString("drop"));
                if (!row.getBoolean("foreign")) {
                    create.add(row.getString("create"));
                }
            }
        }
        for (String sql : drop) {
            execute(connection, sql.replace("drop constraint", "drop constraint if exists"));
        }
        return create;
    }

    /** Writes a new version of one of so many live resources, as HAPI does; other ones each round. */
    long change(int oneOf, int round) throws SQLException {
        return database.count("""
                with changed as (
                  update hfj_resource
                     set res_ver = res_ver + 1, res_updated = localtimestamp
                   where res_deleted_at is null and (res_id + res_id / %3$d) %% %1$d = %2$d
                  returning res_id, res_ver, res_updated),
                written as (
                  insert into hfj_res_ver
                  select (jsonb_populate_record(v, jsonb_build_object('res_ver', c.res_ver,
                            'res_updated', c.res_updated, 'pid', nextval('large_hapi')))).*
                    from changed c
                    join hfj_res_ver v on v.res_id = c.res_id and v.res_ver = c.res_ver - 1
                  returning 1)
                select count(*) from written
                """.formatted(oneOf, round, STRIDE));
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
