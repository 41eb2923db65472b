package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;

/** A HAPI server with partitions: a client's id may be used once in each of them. */
class PartitionsTest {

    /** The two layouts that HAPI has for them. */
    enum Layout {
        /** {@code partition_id} beside the key; the default partition has none. */
        COLUMN("null"),
        /** Database partition mode: {@code (res_id, partition_id)} is the key, and the default partition has a number. */
        KEY("0");

        private final String defaultPartition;

        Layout(String defaultPartition) {
            this.defaultPartition = defaultPartition;
        }
    }

    private @Nullable TestDatabase open;

    @AfterEach
    void drop() throws SQLException {
        if (open != null) {
            open.close();
        }
    }

    private TestDatabase partitioned(Layout layout) throws SQLException {
        TestDatabase database = TestPostgres.hapi880();
        open = database;
        database.execute("""
                alter table hfj_resource drop constraint if exists idx_res_type_fhir_id;
                update hfj_resource set res_deleted_at = now() where res_type in ('Patient', 'Condition')""");
        if (layout == Layout.KEY) {
            database.execute("""
                    update hfj_resource set partition_id = 0;
                    update hfj_res_ver set partition_id = 0;
                    update hfj_res_tag set partition_id = 0;
                    alter table hfj_resource drop constraint hfj_resource_pkey cascade;
                    alter table hfj_resource add primary key (res_id, partition_id);
                    alter table hfj_res_ver drop constraint if exists idx_resver_id_ver""");
        }
        return database;
    }

    /** The same internal ids in each partition, as far as the layout allows that. */
    private static void write(TestDatabase database, String partition, int idBase, String type, String id, String body)
            throws SQLException {
        database.execute("""
                insert into hfj_resource
                select (jsonb_populate_record(r, jsonb_build_object(
                         'res_id', %1$d, 'fhir_id', '%2$s', 'res_ver', 1, 'res_deleted_at', null, 'partition_id', %3$s))).*
                  from hfj_resource r where r.res_type = '%4$s' limit 1;
                insert into hfj_res_ver (pid, res_id, res_ver, res_type, partition_id, res_encoding, res_text_vc,
                                         has_tags, res_published, res_updated)
                select (select max(pid) + 1 from hfj_res_ver), %1$d, 1, '%4$s', %3$s, 'JSON', '%5$s', false, now(), now()
                """.formatted(idBase, id, partition, type, body));
    }

    private static long id(Layout layout, int number, int partition) {
        return layout == Layout.KEY ? 9_000_000 + number : 9_000_000 + number + 100L * partition;
    }

    private static void fill(TestDatabase database, Layout layout) throws SQLException {
        List<String> partitions = List.of(layout.defaultPartition, "1", "2");
        List<String> genders = List.of("other", "male", "female");
        for (int i = 0; i < 3; i++) {
            write(
                    database,
                    partitions.get(i),
                    (int) id(layout, 1, i),
                    "Patient",
                    "same",
                    "{\"resourceType\": \"Patient\", \"gender\": \"" + genders.get(i) + "\"}");
            write(database, partitions.get(i), (int) id(layout, 2, i), "Condition", "same", """
                    {"resourceType": "Condition", "subject": {"reference": "Patient/same"}, "code": {"coding": [{"system": "urn:x", "code": "c%d"}]}}""".formatted(i));
        }
    }

    private static long count(Rf rf, String gender, String code, String runner) {
        return rf.run("query", "--gender", gender, "--code", code, "--runner", runner, "-o", "json")
                .json()
                .get("count")
                .asLong();
    }

    private static void requireRight(TestDatabase database, Rf rf) throws SQLException {
        rf.run("views", "verify").done();
        assertThat(database.count("select count(*) from (select id from sqlonfhir.patient_simple group by id"
                        + " having count(*) > 1) twice"))
                .isZero();
    }

    @ParameterizedTest
    @EnumSource
    void resourcesOfOneIdAreToldApartAndReferencesStayInTheirPartition(Layout layout) throws SQLException {
        TestDatabase database = partitioned(layout);
        fill(database, layout);
        Rf rf = Rf.on(database);
        rf.run("views", "create", "patient_simple", "condition_simple").done();
        String own = layout == Layout.KEY ? "0/same" : "same";
        assertThat(Hapi.column(database, "select id || ' ' || gender from sqlonfhir.patient_simple order by gender"))
                .containsExactly("2/same female", "1/same male", own + " other");
        for (String runner : List.of("materialized", "postgres")) {
            assertThat(count(rf, "other", "c0", runner)).isEqualTo(1);
            assertThat(count(rf, "male", "c1", runner)).isEqualTo(1);
            assertThat(count(rf, "female", "c2", runner)).isEqualTo(1);
            assertThat(count(rf, "male", "c2", runner)).isZero();
            assertThat(count(rf, "female", "c0", runner)).isZero();
        }
        assertThat(rf.run("query", "--gender", "male", "--ids", "-o", "csv").lines())
                .containsExactly("patient_id", "1/same");
        requireRight(database, rf);
    }

    @ParameterizedTest
    @EnumSource
    void aChangeInOnePartitionLeavesTheOthersAlone(Layout layout) throws SQLException {
        TestDatabase database = partitioned(layout);
        Rf rf = Rf.on(database);
        for (int i = 0; i < 30; i++) {
            write(database, "3", 9_500_000 + i, "Patient", "filler-" + i, "{\"resourceType\": \"Patient\"}");
            write(database, "3", 9_600_000 + i, "Condition", "filler-" + i, "{\"resourceType\": \"Condition\"}");
        }
        rf.run("views", "create", "patient_simple", "condition_simple").done();
        fill(database, layout);
        JsonNode created = rf.run("views", "refresh-all", "-o", "json").json().get("results");
        assertThat(created.get("patient_simple").get("method").asText()).isEqualTo("incremental");
        assertThat(created.get("patient_simple").get("changed").asLong()).isEqualTo(3);
        requireRight(database, rf);
        database.execute("""
                update hfj_resource set res_ver = 2, res_deleted_at = now()
                 where fhir_id = 'same' and res_type = 'Patient' and partition_id = 1;
                update hfj_resource set res_ver = 2
                 where fhir_id = 'same' and res_type = 'Patient' and partition_id = 2;
                insert into hfj_res_ver (pid, res_id, res_ver, res_type, partition_id, res_encoding, res_text_vc,
                                         has_tags, res_published, res_updated)
                select (select max(pid) + 1 from hfj_res_ver), res_id, 2, res_type, partition_id, 'JSON',
                       '{"resourceType": "Patient", "gender": "unknown"}', false, now(), now()
                  from hfj_resource where fhir_id = 'same' and res_type = 'Patient' and partition_id = 2""");
        rf.run("views", "refresh-all").done();
        assertThat(Hapi.column(
                        database, "select gender from sqlonfhir.patient_simple where gender is not null order by 1"))
                .containsExactly("other", "unknown");
        requireRight(database, rf);
        database.execute("""
                delete from hfj_res_ver where partition_id = 2 and res_type = 'Patient';
                delete from hfj_resource where partition_id = 2 and res_type = 'Patient'""");
        rf.run("views", "refresh-all", "--exact").done();
        assertThat(Hapi.column(database, "select gender from sqlonfhir.patient_simple where gender is not null"))
                .containsExactly("other");
        requireRight(database, rf);
    }

    @ParameterizedTest
    @EnumSource
    void changesOutOfRedisKeepTheirPartitions(Layout layout) throws SQLException {
        TestDatabase database = partitioned(layout);
        try (TestRedis redis = TestRedis.start()) {
            Rf rf = Rf.on(database).with("RF_REDIS_URL", redis.url());
            rf.run("views", "create", "patient_simple", "condition_simple").done();
            rf.run("poll-fhir").done();
            fill(database, layout);
            rf.run("poll-fhir").done();
            List<String> patients = redis.ask(commands -> commands.keys("fhir:patient:*/same"));
            assertThat(patients).contains("fhir:patient:1/same", "fhir:patient:2/same");
            for (boolean rows : List.of(true, false)) {
                if (!rows) {
                    redis.ask(commands ->
                            commands.del(commands.keys("fhir:rows:*").toArray(String[]::new)));
                }
                JsonNode answer = rf.run("query", "--gender", "male", "--code", "c1", "-o", "json")
                        .json();
                assertThat(answer.get("count").asLong()).isEqualTo(1);
                assertThat(answer.get("speed").get("from").asText()).isEqualTo("redis");
                assertThat(count(rf, "male", "c2", "hybrid")).isZero();
                assertThat(count(rf, "other", "c0", "hybrid")).isEqualTo(1);
            }
        }
    }
}
