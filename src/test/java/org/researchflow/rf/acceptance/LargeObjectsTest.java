package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.HapiDump;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** Bodies that HAPI before 7.0 kept in compressed large objects. */
class LargeObjectsTest {

    private static final String CURRENT = " from hfj_resource r join hfj_res_ver v using (res_id, res_ver)"
            + " where r.res_deleted_at is null and v.res_text is not null";

    private TestDatabase database;
    private Rf rf;

    @BeforeEach
    void copy() {
        database = TestPostgres.hapi622();
        rf = Rf.on(database);
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private void createAll() {
        rf.run("views", "create-all").done();
    }

    private Ended refresh(String... options) {
        return rf.run(List.of(List.of("views", "refresh-all", "-o", "json"), List.of(options)).stream()
                        .flatMap(List::stream)
                        .toArray(String[]::new))
                .done();
    }

    private JsonNode patients(Ended refreshed) {
        return refreshed.json().get("results").get("patient_simple");
    }

    private long count(String... criteria) {
        return rf.run(List.of(List.of("query", "-o", "json"), List.of(criteria)).stream()
                        .flatMap(List::stream)
                        .toArray(String[]::new))
                .json()
                .get("count")
                .asLong();
    }

    private void requireRight() {
        rf.run("views", "verify").done();
    }

    private static byte[] zipped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** As an old HAPI writes: a new version with a new large object. */
    private long write(long patient, byte[] body, String encoding) throws SQLException {
        try (Connection connection = database.connect();
                PreparedStatement statement = connection.prepareStatement("""
                        with changed as (
                          update hfj_resource set res_ver = res_ver + 1 where res_id = ? returning *)
                        insert into hfj_res_ver (pid, res_id, res_ver, res_type, res_encoding, res_text, has_tags,
                                                 res_published, res_updated)
                        select (select max(pid) + 1 from hfj_res_ver), res_id, res_ver, res_type, ?,
                               lo_from_bytea(0, ?), has_tags, res_published, res_updated
                          from changed
                        returning res_text
                        """)) {
            statement.setLong(1, patient);
            statement.setString(2, encoding);
            statement.setBytes(3, body);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private List<Long> livePatients() throws SQLException {
        return Hapi.column(database, "select r.res_id" + CURRENT + " and r.res_type = 'Patient' order by r.res_id")
                .stream()
                .map(id -> Long.valueOf(String.valueOf(id)))
                .toList();
    }

    private long decodedBodies() throws SQLException {
        return database.count("select count(*) from sqlonfhir_store.body where resource is not null");
    }

    @Test
    void allAreInTheViewsAndAllKnownAnswersComeOut() throws SQLException {
        createAll();
        requireRight();
        HapiDump.HAPI_622.facts().patients().forEach((gender, patients) -> {
            if (!gender.equals("none")) {
                assertThat(count("--gender", gender)).as(gender).isEqualTo(patients);
            }
        });
        HapiDump.HAPI_622
                .facts()
                .patientsByCode()
                .forEach((code, genders) -> genders.forEach((gender, patients) -> {
                    assertThat(count("--gender", gender, "--code", code)).isEqualTo(patients);
                    assertThat(count("--gender", gender, "--code", code, "--runner", "postgres"))
                            .isEqualTo(patients);
                }));
        assertThat(rf.run("query", "--gender", "male", "-o", "json")
                        .json()
                        .get("complete")
                        .asBoolean())
                .isTrue();
        assertThat(database.count("select count(*) from sqlonfhir.patient_simple"))
                .isEqualTo(HapiDump.HAPI_622.facts().live().get("Patient"));
        assertThat(decodedBodies())
                .isEqualTo(database.count("select count(*)" + CURRENT
                        + " and r.res_type in ('Patient', 'Condition', 'Observation', 'MedicationRequest', 'Procedure',"
                        + " 'Encounter')"));
    }

    @Test
    void eachVersionIsDecodedOnceAndPastOnesAreForgotten() throws SQLException {
        createAll();
        long bodies = decodedBodies();
        String rows = "select string_agg(xmin::text || res_id, ',' order by res_id) from sqlonfhir_store.body";
        List<?> before = Hapi.column(database, rows);
        assertThat(rf.run("views", "refresh-all").done().err()).doesNotContain("decode");
        assertThat(rf.run("views", "refresh-all", "--rebuild").done().err()).doesNotContain("decode");
        assertThat(Hapi.column(database, rows)).isEqualTo(before);
        long patient = livePatients().getFirst();
        write(patient, zipped("{\"resourceType\": \"Patient\", \"gender\": \"unknown\"}"), "JSONC");
        assertThat(rf.run("views", "refresh-all").done().err())
                .contains("decode large objects ok bodies=1", "patient_simple ok incremental changed=1");
        assertThat(decodedBodies()).isEqualTo(bodies);
        assertThat(database.count("select count(*) from sqlonfhir.patient_simple where gender = 'unknown' and id = '"
                        + patient + "'"))
                .isEqualTo(1);
        database.execute(
                "update hfj_resource set res_ver = res_ver + 1, res_deleted_at = now() where res_id = " + patient);
        refresh();
        assertThat(decodedBodies()).isEqualTo(bodies - 1);
        String ofExpunged = "select count(*) from sqlonfhir_store.body b where not exists"
                + " (select from hfj_resource r where r.res_id = b.res_id)";
        database.execute("set session_replication_role = replica; delete from hfj_resource where res_id = "
                + livePatients().getFirst());
        assertThat(database.count(ofExpunged)).isEqualTo(1);
        rf.run("views", "refresh-all", "--exact").done();
        assertThat(database.count(ofExpunged)).isZero();
        requireRight();
    }

    @Test
    void anyTextArrivesAsItIsHoweverLarge() throws SQLException {
        createAll();
        List<Long> patients = livePatients();
        String family = "tab \\t \uD83C\uDDE9 \\\\u0000 \\\\N \u00e9\\n\\\\" + "x".repeat(100);
        String name =
                "{\"resourceType\":\"Patient\",\n\t\"name\":[{\"family\":\"" + family + "\",\"given\":[\"%s\"]}]}";
        // random enough that gzip leaves several chunks, more than is held in memory, with a character at every border
        StringBuilder large = new StringBuilder();
        for (int i = 0; large.length() < 3_000_000; i++) {
            large.append(Integer.toHexString(i * 0x9E3779B1)).append("\u00e9\uD83D\uDE00");
        }
        write(patients.get(0), zipped(name.formatted(large)), "JSONC");
        write(patients.get(1), name.formatted("plain").getBytes(StandardCharsets.UTF_8), "JSON");
        write(patients.get(2), zipped(name.formatted("a\\u0000b")), "JSONC");
        assertThat(patients(refresh()).get("set_aside").asLong()).isZero();
        requireRight();
        String body = "select resource::jsonb -> 'name' -> 0 ->> '%s' from sqlonfhir_store.body where res_id = ";
        assertThat(Hapi.column(database, body.formatted("family") + patients.get(0)))
                .containsExactly("tab \t \uD83C\uDDE9 \\u0000 \\N \u00e9\n\\" + "x".repeat(100));
        assertThat(Hapi.column(database, body.formatted("given") + patients.get(0)))
                .containsExactly("[\"" + large + "\"]");
        assertThat(Hapi.column(database, body.formatted("given") + patients.get(1)))
                .containsExactly("[\"plain\"]");
        assertThat(Hapi.column(database, body.formatted("given") + patients.get(2)))
                .containsExactly("[\"a\uFFFDb\"]");
    }

    @Test
    void whatCannotBeDecodedIsCountedWithItsReasonAndTriedAgain() throws SQLException {
        createAll();
        long rows = database.count("select count(*) from sqlonfhir.patient_simple");
        List<Long> patients = livePatients();
        String good = "{\"resourceType\": \"Patient\", \"gender\": \"other\"}";
        byte[] cut = zipped(good);
        write(patients.get(0), Arrays.copyOf(cut, cut.length - 9), "JSONC");
        write(patients.get(1), "no gzip".getBytes(StandardCharsets.UTF_8), "JSONC");
        write(patients.get(2), zipped("\0"), "JSONC");
        write(patients.get(3), new byte[] {'{', (byte) 0xe9, '}'}, "JSON");
        long gone = write(patients.get(4), zipped(good), "JSONC");
        database.execute("select lo_unlink(" + gone + ")");
        Ended refreshed = refresh();
        assertThat(patients(refreshed).get("status").asText()).isEqualTo("refreshed");
        assertThat(patients(refreshed).get("set_aside").asLong()).isEqualTo(5);
        assertThat(refreshed.err()).contains("5 resources have no rows in patient_simple");
        assertThat(database.count("select count(*) from sqlonfhir.patient_simple"))
                .isEqualTo(rows - 5);
        JsonNode status =
                rf.run("views", "status", "patient_simple", "-o", "json").json().get("setAside");
        assertThat(status)
                .extracting(one -> one.get("reason").asText())
                .containsExactly("CORRUPT", "CORRUPT", "CORRUPT", "CORRUPT", "OBJECT_MISSING");
        requireRight();
        for (String runner : List.of("hybrid", "postgres")) {
            Ended answer = rf.run("query", "--gender", "male", "--runner", runner, "-o", "json");
            assertThat(answer.json().get("complete").asBoolean()).isFalse();
            assertThat(answer.json().get("warnings").toString())
                    .contains(runner.equals("hybrid") ? "5 live Patient" : "4 live Patient");
        }
        assertThat(rf.run("views", "list").out()).contains("fresh, 5 set aside");
        assertThat(rf.run("views", "health").done().err()).contains("5 resources have no rows in patient_simple");
        database.execute(
                "select lo_from_bytea(" + gone + ", decode('" + HexFormat.of().formatHex(cut) + "', 'hex'))");
        assertThat(patients(refresh()).get("set_aside").asLong()).isEqualTo(4);
        assertThat(patients(refresh("--rebuild")).get("set_aside").asLong()).isEqualTo(4);
        for (int i = 0; i < 4; i++) {
            write(patients.get(i), cut, "JSONC");
        }
        assertThat(patients(refresh()).get("set_aside").asLong()).isZero();
        assertThat(rf.run("query", "--gender", "male", "-o", "json")
                        .json()
                        .get("complete")
                        .asBoolean())
                .isTrue();
        requireRight();
    }

    @Test
    void whatIsWrittenAfterTheViewsWereReadIsLeftOutOnTheFlyWithAWarning() throws SQLException {
        Ended before = rf.run("query", "--gender", "male", "--runner", "postgres", "-o", "json");
        assertThat(before.json().get("complete").asBoolean()).isFalse();
        assertThat(before.json().get("warnings").toString())
                .contains("in PostgreSQL large objects that were not decoded yet", "rf views refresh");
        createAll();
        write(livePatients().getFirst(), zipped("{\"resourceType\": \"Patient\"}"), "JSONC");
        JsonNode answer = rf.run("query", "--gender", "male", "--runner", "postgres", "-o", "json")
                .json();
        assertThat(answer.get("complete").asBoolean()).isFalse();
        assertThat(answer.get("warnings").toString()).contains("1 live Patient", "rf views refresh");
        requireRight();
        refresh();
        assertThat(rf.run("query", "--gender", "male", "--runner", "postgres", "-o", "json")
                        .json()
                        .get("complete")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aRoleThatMayNotReadLargeObjectsCreatesTheViewsAndSaysWhatIsMissing() throws SQLException {
        database.execute("""
                drop role if exists plain_rf;
                create role plain_rf login password 'only-for-tests';
                grant create on database "%s" to plain_rf;
                grant select on all tables in schema public to plain_rf""".formatted(database.database()));
        try {
            Rf plain = Rf.on(database.as(database.database(), "plain_rf", "only-for-tests"));
            Ended created = plain.run("views", "create", "patient_simple").done();
            assertThat(created.err()).contains("have no rows in patient_simple").doesNotContain("decode");
            assertThat(plain.run("views", "status", "patient_simple").done().out())
                    .contains("in PostgreSQL large objects that this role may not read");
            database.execute("""
                    do $$ declare o oid; begin
                      for o in select oid from pg_largeobject_metadata loop
                        execute 'grant select on large object ' || o || ' to plain_rf';
                      end loop; end $$""");
            Ended refreshed = plain.run("views", "refresh", "patient_simple", "-o", "json");
            assertThat(patients(refreshed).get("set_aside").asLong()).isZero();
            plain.run("views", "verify").done();
            assertThat(database.count("select count(*) from sqlonfhir.patient_simple"))
                    .isEqualTo(HapiDump.HAPI_622.facts().live().get("Patient"));
        } finally {
            database.execute("drop owned by plain_rf cascade; drop role plain_rf");
        }
    }

    @Test
    void noAnswerTellsTheKeyOfAResourceUnlessAsked() throws SQLException {
        createAll();
        long patient = livePatients().getFirst();
        write(patient, zipped("canary"), "JSONC");
        refresh();
        Ended hashed = rf.run("views", "status", "patient_simple").done();
        assertThat(hashed.out())
                .containsPattern("Patient [0-9a-f]{12}, version")
                .doesNotContain("canary");
        assertThat(hashed.out()).doesNotContain("Patient/" + patient);
        assertThat(rf.run("views", "status", "patient_simple", "--show-keys")
                        .done()
                        .out())
                .contains("Patient/" + patient + ", version");
    }
}
