package org.researchflow.rf.benchmark;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.bench.SampleData;

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
        return multiplied(database, size, database.count("select count(*) from hfj_resource"));
    }

    /** About so many patients, with their conditions and nothing else. */
    static LargeHapi ofConditions(long patients) throws SQLException {
        TestDatabase database = TestPostgres.hapi880();
        database.execute("""
                set session_replication_role = replica;
                delete from hfj_res_ver where res_type not in ('Patient', 'Condition');
                delete from hfj_resource where res_type not in ('Patient', 'Condition');
                delete from hfj_res_tag t where not exists (select from hfj_resource r where r.res_id = t.res_id);
                """);
        return multiplied(
                database,
                patients,
                database.count(
                        "select count(*) from hfj_resource where res_type = 'Patient' and res_deleted_at is null"));
    }

    private static LargeHapi multiplied(TestDatabase database, long wanted, long there) throws SQLException {
        long copies = Math.max(0, Math.round((double) wanted / there) - 1);
        try (Connection connection = database.connect()) {
            execute(connection, "create sequence large_hapi start " + 1_000_000 * STRIDE);
            SampleData.multiply(connection, copies);
            execute(connection, "vacuum analyze");
            execute(connection, "checkpoint");
        }
        return new LargeHapi(database, database.count("select count(*) from hfj_resource"));
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
