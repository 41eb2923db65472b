package org.researchflow.rf;

import java.nio.file.Path;
import java.sql.Connection;

/**
 * Makes the sandbox's sample, {@code src/main/resources/sample}, and its known answers out of the dump of HAPI 8.8.0.
 * It is run like {@link HapiExcerpt}; the same dump gives the same bytes.
 *
 * <p>All data is synthetic: Synthea's patients, and a few made up to be odd. Three things differ from the dump. Only
 * the types that the built-in views and their medications need are there. Of the patients with prediabetes (47, each
 * with one such condition), 29 men and 12 women have diabetes mellitus (73211009) instead, since Synthea never
 * diagnoses that: so there is a cohort to count. And the checksums by which HAPI recognises an unchanged update are
 * left out; it writes them again.
 */
final class SandboxSample {

    private static final String PREDIABETES =
            "\"code\":\"15777000\",\"display\":\"Prediabetes\"}],\"text\":\"Prediabetes\"";
    private static final String DIABETES =
            "\"code\":\"73211009\",\"display\":\"Diabetes mellitus (disorder)\"}],\"text\":\"Diabetes mellitus (disorder)\"";

    private SandboxSample() {}

    public static void main(String[] arguments) throws Exception {
        Path file = Path.of("src/main/resources/sample/hapi-sample.sql.gz");
        try (TestDatabase whole = TestPostgres.hapi880();
                Connection connection = whole.connect()) {
            HapiBodies.decode(connection);
            recode(connection);
            HapiBodies.execute(connection, "update hfj_resource set hash_sha256 = null");
            HapiBodies.execute(connection, """
                    create temp table kept as
                    select res_id from key_of
                     where type in ('Patient', 'Condition', 'Observation', 'Procedure', 'Encounter',
                                    'MedicationRequest', 'Medication')
                    """);
            HapiExcerpt.write(HapiDump.HAPI_880, connection, file);
        }
        HapiExcerpt.countRestored(file, Path.of("src/test/resources/sample/hapi-sample-facts.json"));
    }

    private static void recode(Connection connection) throws Exception {
        // by a hash of the id: a choice without a pattern that is the same each time
        HapiBodies.execute(connection, """
                create temp table recoded as
                select k.res_id, c.id
                  from (select c.id, p.resource ->> 'gender' as gender,
                               row_number() over (partition by p.resource ->> 'gender' order by md5(c.id)) as n
                          from live c
                          join live p on p.type = 'Patient'
                                     and c.resource #>> '{subject,reference}' = 'Patient/' || p.id
                         where c.type = 'Condition'
                           and c.resource @> '{"code": {"coding": [{"code": "15777000"}]}}') c
                  join key_of k on k.type = 'Condition' and k.id = c.id
                 where c.n <= case c.gender when 'male' then 29 else 12 end
                """);
        HapiBodies.execute(connection, """
                update hfj_res_ver set res_text_vc = replace(res_text_vc, '%s', '%s')
                 where res_id in (select res_id from recoded)
                """.formatted(PREDIABETES, DIABETES));
        // whoever was treated for it refers to it by name
        HapiBodies.execute(connection, """
                update hfj_res_ver
                   set res_text_vc = regexp_replace(res_text_vc,
                         '("reference":"Condition/(?:' || (select string_agg(id, '|') from recoded)
                           || ')","display":")Prediabetes"',
                         '\\1Diabetes mellitus (disorder)"', 'g')
                 where res_type = 'MedicationRequest' and res_text_vc like '%Prediabetes%'
                """);
    }
}
