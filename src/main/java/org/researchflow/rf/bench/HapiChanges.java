package org.researchflow.rf.bench;

import static org.researchflow.rf.sql.Identifiers.qualified;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.researchflow.rf.db.Database;

/**
 * Writes resources into HAPI's tables as HAPI does, under internal numbers beyond those that a server gives out.
 *
 * @param database with a HAPI server's tables
 * @param schema that they are in
 */
record HapiChanges(Database database, String schema) {

    /** HAPI's sequences begin at 1 and count up. */
    static final long BEYOND = 1_000_000_000_000L;

    /** Writes resources with their first versions out of {@code fresh}: {@code v}, {@code res_id}, {@code pid}. */
    private static final String WRITING = """
            resources as (
              insert into %1$s
              select (jsonb_populate_record(r, jsonb_build_object('res_id', f.res_id, 'fhir_id', f.res_id::text,
                        'res_ver', 1, 'res_updated', localtimestamp, 'res_published', localtimestamp))).*
                from fresh f join %1$s r on r.res_id = (f.v).res_id
              returning 1),
            versions as (
              insert into %2$s
              select (jsonb_populate_record(f.v, jsonb_build_object('res_id', f.res_id, 'pid', f.pid, 'res_ver', 1,
                        'res_updated', localtimestamp, 'res_published', localtimestamp))).*
                from fresh f
              returning 1)
            select count(*) from versions
            """;

    /**
     * Writes a new version of one of so many live resources; of other ones in each round.
     *
     * @return how many
     */
    long change(int oneOf, int round) throws SQLException {
        return count(
                """
                with last as (select greatest(coalesce(max(pid), 0), %4$d) as pid from %2$s),
                changed as (
                  update %1$s
                     set res_ver = res_ver + 1, res_updated = localtimestamp
                   where res_deleted_at is null and abs(hashint8(res_id)) %% %3$d = %5$d
                  returning res_id, res_ver, res_updated),
                written as (
                  insert into %2$s
                  select (jsonb_populate_record(v, jsonb_build_object('res_ver', c.res_ver, 'res_updated', c.res_updated,
                            'pid', last.pid + row_number() over ()))).*
                    from changed c
                    cross join last
                    join %2$s v on v.res_id = c.res_id and v.res_ver = c.res_ver - 1
                  returning 1)
                select count(*) from written
                """.formatted(table("hfj_resource"), table("hfj_res_ver"), oneOf, BEYOND, Math.floorMod(round, oneOf)));
    }

    /** Writes so many new patients and conditions with the contents of those that are there, one patient to nine conditions. */
    long create(int number) throws SQLException {
        return count("""
                with body as materialized (
                  select r.res_type, v, row_number() over (partition by r.res_type order by r.res_id) as n,
                         count(*) over (partition by r.res_type) as of_type
                    from %1$s r join %2$s v on v.res_id = r.res_id and v.res_ver = r.res_ver
                   where r.res_deleted_at is null and r.res_type in ('Patient', 'Condition')
                     and v.res_text_vc is not null and r.res_id < %4$d),
                last as (select greatest(max(res_id), %4$d) as id from %1$s),
                last_version as (select greatest(max(pid), %4$d) as pid from %2$s),
                fresh as materialized (
                  select last.id + g as res_id, last_version.pid + g as pid, b.v
                    from last cross join last_version cross join generate_series(1, %3$d) g
                    join body b on b.res_type = case g %% 10 when 0 then 'Patient' else 'Condition' end
                               and b.n = g %% b.of_type + 1),
                """ + WRITING, number);
    }

    /** Writes so many new patients in one transaction, each with the content of the first that is there. */
    long createPatients(int number) throws SQLException {
        return count("""
                with first as materialized (
                  select r.res_id, v
                    from %1$s r join %2$s v on v.res_id = r.res_id and v.res_ver = r.res_ver
                   where r.res_deleted_at is null and r.res_type = 'Patient' and v.res_text_vc is not null
                     and r.res_id < %4$d
                   order by r.res_id
                   limit 1),
                last as (select greatest(max(res_id), %4$d) as id from %1$s),
                last_version as (select greatest(max(pid), %4$d) as pid from %2$s),
                fresh as materialized (
                  select first.v, last.id + g as res_id, last_version.pid + g as pid
                    from first cross join last cross join last_version cross join generate_series(1, %3$d) g),
                """ + WRITING, number);
    }

    private String table(String name) {
        return qualified(schema, name);
    }

    private long count(String sql, int number) throws SQLException {
        return count(sql.formatted(table("hfj_resource"), table("hfj_res_ver"), number, BEYOND));
    }

    private long count(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(sql)) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    /** Takes out all that was created, as if it had never been: its versions and tags with it. */
    void expunge() throws SQLException {
        try (Connection connection = database.connect()) {
            for (String table : new String[] {"hfj_res_tag", "hfj_res_ver", "hfj_resource"}) {
                try (PreparedStatement delete =
                        connection.prepareStatement("delete from " + table(table) + " where res_id >= ?")) {
                    delete.setLong(1, BEYOND);
                    delete.executeUpdate();
                }
            }
        }
    }
}
