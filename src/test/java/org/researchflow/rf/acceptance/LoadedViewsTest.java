package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;

/** Views over what {@code rf load} filled: everything that works over HAPI's tables works over it. */
class LoadedViewsTest extends LoadFixture {

    private String patient(String id, String gender) {
        return "{\"resourceType\":\"Patient\",\"id\":\"" + id + "\",\"gender\":\"" + gender + "\"}";
    }

    private static String condition(String id, String patient, String code) {
        return "{\"resourceType\":\"Condition\",\"id\":\"" + id + "\",\"code\":{\"coding\":[{\"code\":\"" + code
                + "\"}]},\"subject\":{\"reference\":\"Patient/" + patient + "\"},\"recorder\":{\"reference\":"
                + "\"Practitioner?identifier=http://hl7.org/fhir/sid/us-npi|9999900498\"}}";
    }

    private void load(String... lines) throws IOException {
        Path file = Files.write(folder.resolve("all.ndjson"), List.of(lines));
        rf("load", file.toString()).done();
    }

    private long count(String... criteria) {
        String[] args = Stream.concat(Stream.of("query", "-o", "json"), Stream.of(criteria))
                .toArray(String[]::new);
        return rf(args).json().path("count").asLong();
    }

    @ParameterizedTest
    @ValueSource(strings = {"materialized", "postgres", "hybrid"})
    void cohortIsCounted(String runner) throws Exception {
        load(
                patient("a", "male"),
                patient("b", "male"),
                patient("c", "female"),
                condition("1", "a", "44054006"),
                condition("2", "c", "44054006"));
        rf("views", "create-all").done();
        assertThat(count("--code", "44054006", "--runner", runner)).isEqualTo(2);
        assertThat(count("--code", "44054006", "--gender", "male", "--runner", runner))
                .isEqualTo(1);
    }

    @Test
    void keysJoinAndConditionalReferencesHaveNone() throws Exception {
        load(patient("a", "male"), condition("1", "a", "x"));
        Path view = Files.writeString(folder.resolve("recorded.json"), """
                {"resourceType": "ViewDefinition", "name": "recorded", "resource": "Condition", "status": "active",
                 "select": [{"column": [
                   {"name": "id", "path": "getResourceKey()"},
                   {"name": "patient", "path": "subject.getReferenceKey(Patient)"},
                   {"name": "recorder", "path": "recorder.getReferenceKey()"}]}]}
                """);
        rf("views", "create", "-f", view.toString()).done();
        assertThat(Hapi.rows(database, "select id, patient, recorder is null from sqlonfhir.recorded"))
                .containsExactly(List.of("1", "a", "t"));
        assertThat(rf("views", "preview", view.toString(), "-o", "json").json().toString())
                .contains("\"patient\":\"a\"");
        assertThat(rf("views", "sql", "recorded").done().out()).contains("rf.resource");
    }

    @Test
    void viewsFollowWhatIsLoadedLater() throws Exception {
        String[] many = new String[60];
        for (int i = 0; i < many.length; i++) {
            many[i] = patient("p" + i, "male");
        }
        load(many);
        rf("views", "create", "patient_simple").done();
        load(patient("p1", "female"), deletion("Patient/p2"), patient("new", "male"));
        assertThat(rf("views", "refresh", "patient_simple").done().err()).contains("incremental changed=3 rows=60");
        assertThat(Hapi.rows(database, "select gender, count(*) from sqlonfhir.patient_simple group by 1 order by 1"))
                .containsExactly(List.of("female", "1"), List.of("male", "59"));
        rf("views", "verify").done();
        load(many);
        assertThat(rf("views", "refresh", "patient_simple").done().err()).contains("incremental changed=2 rows=61");
        load(many);
        assertThat(rf("views", "refresh", "patient_simple").done().err()).contains("incremental changed=0 rows=61");
    }

    @Test
    void resourcesRemovedByHandAreFoundByReconciliation() throws Exception {
        load(patient("a", "male"), patient("b", "male"));
        rf("views", "create", "patient_simple").done();
        database.execute("delete from rf.resource where key = 'a'");
        rf("views", "refresh", "--exact", "patient_simple").done();
        assertThat(Hapi.column(database, "select id from sqlonfhir.patient_simple"))
                .containsExactly("b");
    }

    @Test
    void noSourceAtAllIsSaidWithBothWaysOut() {
        Ended ended = rf("views", "create-all").failed(2);
        assertThat(ended.err()).contains("no HAPI FHIR tables in schema \"public\"", "rf load FOLDER");
        assertThat(rf("views", "create-all", "--source", "resources").failed(2).err())
                .contains("no resources are loaded in this database", "rf --source resources load FOLDER");
        assertThat(rf("views", "list", "--source", "nowhere").failed(2).err()).contains("--source", "resources");
    }

    @Test
    void unknownSourceInTheEnvironmentIsRefused() {
        Map<String, String> environment = new HashMap<>(Rf.on(database).environment());
        environment.put("RF_SOURCE", "hpi");
        assertThat(Rf.with(environment).run("views", "list").failed(2).err())
                .contains("no source named \"hpi\"", "from: RF_SOURCE", "auto, hapi or resources");
    }

    @Test
    void bothSourcesSideBySideHaveToBeChosenFrom() throws Exception {
        try (TestDatabase hapi = Hapi.withViews()) {
            Rf rf = Rf.on(hapi);
            // files without a resource are no second source
            Path nothing = Files.writeString(folder.resolve("nothing"), "no resource\n");
            Ended empty = rf.run("load", nothing.toString());
            assertThat(empty.code()).isEqualTo(3);
            assertThat(empty.err())
                    .contains("nothing:1 is not loaded: not JSON")
                    .doesNotContain("choose with");
            rf.run("query", "--gender", "male").done();
            Path file = Files.writeString(folder.resolve("one"), patient("only", "male"));
            Ended loaded = rf.run("load", file.toString()).done();
            assertThat(loaded.err()).contains("choose with  --source resources");
            assertThat(rf.run("query", "--gender", "male").failed(2).err())
                    .contains("holds a HAPI server's tables and resources of rf load as well", "--source hapi");
            assertThat(rf.run("views", "refresh-all").failed(2).err()).contains("RF_SOURCE=resources");
            long men = rf.run("query", "--gender", "male", "--source", "hapi", "-o", "json")
                    .json()
                    .path("count")
                    .asLong();
            assertThat(men).isGreaterThan(1);
            assertThat(rf.run("query", "--gender", "male", "--source", "resources", "-o", "json")
                            .json()
                            .path("count")
                            .asLong())
                    .isEqualTo(1);
            // a view of the one is not quietly made one of the other
            Ended other = rf.run("views", "create", "patient_simple", "--source", "resources")
                    .failed(2);
            assertThat(other.err()).contains("exists with another definition", "resources of rf load");
            Ended refreshed = rf.run("views", "refresh", "patient_simple", "--source", "resources")
                    .failed(2);
            assertThat(refreshed.err()).contains("patient_simple was built from another source", "--source hapi");
            rf.run("views", "refresh-all", "--source", "resources").done();
            rf.run("views", "refresh-stale", "--max-staleness", "1ms", "--source", "resources")
                    .done();
            rf.run("views", "verify", "--source", "hapi").done();
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("samples")
    void sampleOf150PatientsGivesItsKnownAnswers(Path sample) throws Exception {
        rf("load", sample.toString()).done();
        rf("views", "create-all").done();
        assertThat(count("--gender", "male")).isEqualTo(64);
        Map<String, List<Long>> known = Map.of(
                "44054006", List.of(7L, 1L),
                "59621000", List.of(57L, 23L),
                "15777000", List.of(63L, 28L),
                "444814009", List.of(93L, 42L),
                "73211009", List.of(0L, 0L));
        known.forEach((code, patients) -> assertThat(
                        List.of(count("--code", code), count("--code", code, "--gender", "male")))
                .as(code)
                .isEqualTo(patients));
        assertThat(count("--code", "444814009", "--gender", "male", "--runner", "postgres"))
                .isEqualTo(42);
        rf("views", "verify").done();
        rf("load", sample.toString()).done();
        assertThat(rf("views", "refresh-all").done().err())
                .doesNotContain("full")
                .contains("changed=0");
    }

    /** The sample where it is at hand. */
    static Stream<Path> samples() {
        return Stream.of(Path.of(System.getProperty("rf.test.shared", "../shared"), "ndjson-150"))
                .filter(Files::isDirectory);
    }
}
