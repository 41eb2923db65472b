package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/**
 * A part of what a HAPI server wrote: few enough resources that building all views is quick, and so many that a few
 * changes are no fifth of them.
 *
 * @param database to be copied
 * @param bodies what versions of resources may hold, by type
 */
public record SmallHapi(TestDatabase database, SortedMap<String, List<String>> bodies) implements AutoCloseable {

    public static SmallHapi create() throws SQLException {
        TestDatabase database = TestPostgres.hapi880();
        HapiWriter.prepare(database);
        database.execute("""
                create temp table kept as
                select res_id
                  from (select res_id, row_number() over (partition by res_type order by md5(res_id::text)) as n
                          from hfj_resource
                         where res_type in ('Patient', 'Condition', 'Observation', 'MedicationRequest', 'Procedure',
                                            'Encounter')) r
                 where n <= 120;
                create unique index on kept (res_id);
                analyze kept;
                insert into kept
                select res_id
                  from hfj_resource
                 where res_type = 'Medication'
                   and 'Medication/' || fhir_id in (
                       select v.res_text_vc::jsonb #>> '{medicationReference,reference}'
                         from kept
                         join hfj_resource r using (res_id)
                         join hfj_res_ver v using (res_id)
                        where r.res_type = 'MedicationRequest' and v.res_text_vc is not null);
                truncate hfj_history_tag, hfj_res_ver_prov;
                delete from hfj_res_tag where res_id not in (select res_id from kept);
                delete from hfj_res_ver where res_id not in (select res_id from kept);
                delete from hfj_resource where res_id not in (select res_id from kept);
                insert into hfj_tag_def (tag_id, tag_code, tag_system, tag_type)
                select nextval('hapi_writer'), 'study-' || n, 'urn:rf:test', 0 from generate_series(0, 2) n;
                analyze
                """);
        database.execute("vacuum full");
        SortedMap<String, List<String>> bodies = new TreeMap<>();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select res_type, res_text_vc from hfj_res_ver where res_text_vc is not null"
                                + " order by res_id, res_ver")) {
            while (row.next()) {
                bodies.computeIfAbsent(row.getString(1), _ -> new ArrayList<>()).add(row.getString(2));
            }
        }
        return new SmallHapi(database, bodies);
    }

    public TestDatabase copy() {
        return TestPostgres.copyOf(database);
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }
}
