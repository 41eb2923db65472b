package org.researchflow.rf.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.researchflow.rf.db.Database;

/**
 * A HAPI server's database made larger: each copy of its patients has ids of its own, and its references lead to its own
 * patients. The tables have all of HAPI's indexes.
 */
public final class SampleData {

    /** Above all internal numbers of the original. */
    private static final long STRIDE = 1_000_000;

    private SampleData() {}

    /** Makes as many patients as are wanted out of those that are there; the seed says which of the last copy go. */
    static void grow(Database database, int patients, long seed) throws SQLException {
        try (Connection connection = database.connect()) {
            // HAPI's tables are named without their schema.
            execute(connection, "set search_path = public");
            long there = count(
                    connection,
                    "select count(*) from hfj_resource where res_type = 'Patient'" + " and res_deleted_at is null");
            multiply(connection, (patients + there - 1) / there - 1);
            reduce(connection, patients, seed);
            execute(connection, "vacuum analyze");
        }
    }

    /** Adds so many copies of all resources; the connection finds the tables by their names alone. */
    public static void multiply(Connection connection, long copies) throws SQLException {
        List<String> indexes = withoutIndexes(connection);
        String id = "res_id + k * " + STRIDE;
        String pid = "pid + k * " + STRIDE;
        // No longer than HAPI's ids can be.
        copy(connection, "hfj_resource", copies, Map.of("res_id", id, "fhir_id", "left(k || '-' || fhir_id, 64)"));
        String references = "replace(res_text_vc, '\"reference\":\"Patient/', '\"reference\":\"Patient/' || k || '-')";
        copy(connection, "hfj_res_ver", copies, Map.of("res_id", id, "pid", pid, "res_text_vc", references));
        copy(connection, "hfj_res_tag", copies, Map.of("res_id", id, "pid", pid));
        for (String index : indexes) {
            execute(connection, index);
        }
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

    /** Takes patients away until so many are left, and all that refers to them. */
    private static void reduce(Connection connection, int patients, long seed) throws SQLException {
        try (PreparedStatement surplus = connection.prepareStatement("""
                create temp table surplus as
                select fhir_id
                  from (select fhir_id, row_number() over (order by res_id / %d, hashtextextended(fhir_id, ?)) as place
                          from hfj_resource
                         where res_type = 'Patient' and res_deleted_at is null) p
                 where place > ?
                """.formatted(STRIDE))) {
            surplus.setLong(1, seed);
            surplus.setInt(2, patients);
            surplus.executeUpdate();
        }
        execute(connection, """
                create temp table gone as
                select r.res_id
                  from hfj_resource r
                  join hfj_res_ver v on v.res_id = r.res_id and v.res_ver = r.res_ver
                 where r.res_type = 'Patient' and r.fhir_id in (select fhir_id from surplus)
                    or substring(v.res_text_vc from '"reference":"Patient/([^"]+)"') in (select fhir_id from surplus)
                """);
        for (String table : new String[] {"hfj_res_tag", "hfj_res_ver", "hfj_resource"}) {
            execute(connection, "delete from " + table + " where res_id in (select res_id from gone)");
        }
    }

    private static long count(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
