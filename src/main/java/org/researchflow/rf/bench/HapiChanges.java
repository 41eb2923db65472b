package org.researchflow.rf.bench;

import static org.researchflow.rf.sql.Identifiers.qualified;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.source.HapiSchema;
import org.researchflow.rf.source.SourceName;

/**
 * Writes resources into HAPI's tables as HAPI does, under internal numbers beyond those that a server gives out, and takes
 * all of it out again.
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
     * Of a database whose resources are in a HAPI server's tables.
     *
     * @throws Failure if they are somewhere else
     */
    static HapiChanges in(Bed bed) throws SQLException {
        try (Connection connection = bed.database().connect()) {
            if (bed.settings().on(connection).source() != SourceName.HAPI
                    || !HapiSchema.isIn(connection, bed.settings().hapiSchema())) {
                throw Failure.usage("what writes needs a HAPI server's tables, and the resources are not in such")
                        .note("try", "--sandbox --patients 1000     (data of its own)");
            }
        }
        return new HapiChanges(bed.database(), bed.settings().hapiSchema());
    }

    /**
     * Writes a new version of one of so many live resources; of other ones in each round.
     *
     * @return how many
     */
    long change(int oneOf, int round) throws SQLException {
        // When a resource changed last is kept in a column that only its first version says anything by.
        return count(
                """
                with last as (select greatest(coalesce(max(pid), 0), %4$d) as pid from %2$s),
                before as (
                  select r.res_id, r.res_ver, r.res_updated, v
                    from %1$s r join %2$s v on v.res_id = r.res_id and v.res_ver = r.res_ver
                   where r.res_deleted_at is null and abs(hashint8(r.res_id)) %% %3$d = %5$d),
                changed as (
                  update %1$s r
                     set res_ver = r.res_ver + 1, res_updated = localtimestamp
                    from before b
                   where r.res_id = b.res_id and r.res_ver = b.res_ver
                  returning r.res_id),
                written as (
                  insert into %2$s
                  select (jsonb_populate_record(b.v, jsonb_build_object('res_ver', b.res_ver + 1,
                            'res_updated', localtimestamp, 'res_published', b.res_updated,
                            'pid', last.pid + row_number() over ()))).*
                    from before b
                    join changed using (res_id)
                    cross join last
                  returning 1)
                select count(*) from written
                """.formatted(table("hfj_resource"), table("hfj_res_ver"), oneOf, BEYOND, Math.floorMod(round, oneOf)));
    }

    /**
     * Writes so many new patients and conditions with the contents of those that are there, one patient to nine
     * conditions.
     *
     * @throws Failure if there is nothing to copy
     */
    void create(int number) throws SQLException {
        requireAll(number, count("""
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
                """ + WRITING, number));
    }

    /**
     * Writes so many new patients in one transaction, each with the content of the first that is there.
     *
     * @throws Failure if there is none
     */
    void createPatients(int number) throws SQLException {
        requireAll(number, count("""
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
                """ + WRITING, number));
    }

    private static void requireAll(int wanted, long written) {
        if (written != wanted) {
            throw Failure.usage("there are no patients and conditions to make new ones of")
                    .note("why", "only those are copied whose contents are in the column res_text_vc")
                    .note("try", "--sandbox --patients 1000     (data of its own)");
        }
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

    /**
     * Takes out all that any bench wrote, as if it had never been: new resources, and new versions of others, which get
     * back the number and the time of the version that is then their last. Nobody can stop this halfway.
     */
    void restore() throws SQLException {
        try (Connection connection = new Database(database.settings()).connect()) {
            Transactions.write(connection, inside -> {
                try (Statement statement = inside.createStatement()) {
                    statement.setEscapeProcessing(false);
                    for (String sql : new String[] {
                        """
                        with own as (
                          select res_id, min(res_ver) as first from %2$s where pid >= %3$d and res_id < %3$d group by res_id),
                        last as (
                          select o.res_id, o.first, max(v.res_ver) as res_ver
                            from own o join %2$s v on v.res_id = o.res_id and v.pid < %3$d
                           group by o.res_id, o.first)
                        update %1$s r
                           set res_ver = l.res_ver,
                               res_updated = case when l.res_ver < l.first then f.res_published else v.res_updated end
                          from last l
                          join %2$s f on f.res_id = l.res_id and f.res_ver = l.first
                          join %2$s v on v.res_id = l.res_id and v.res_ver = l.res_ver
                         where r.res_id = l.res_id and r.res_ver > l.res_ver
                        """,
                        "delete from %4$s where res_id >= %3$d",
                        "delete from %2$s where pid >= %3$d",
                        "delete from %1$s where res_id >= %3$d"
                    }) {
                        statement.execute(sql.formatted(
                                table("hfj_resource"), table("hfj_res_ver"), BEYOND, table("hfj_res_tag")));
                    }
                }
                return true;
            });
        }
    }
}
