package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code rf load}: what goes into the resource table, what replaces what, and what is left out and how that is said. */
class LoadTest extends LoadFixture {

    private static final String ADA = "{\"resourceType\":\"Patient\",\"id\":\"ada\",\"gender\":\"female\"}";
    private static final String BOB = "{\"resourceType\":\"Patient\",\"id\":\"bob\",\"gender\":\"male\"}";

    private String file(String name, String... lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n")
                .toString();
    }

    private String zipped(String name, String... lines) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
        }
        return file.toString();
    }

    private JsonNode load(String... args) {
        return rf(Stream.concat(Stream.of("load", "-o", "json"), Stream.of(args))
                        .toArray(String[]::new))
                .json();
    }

    private static List<Long> counts(JsonNode loaded) {
        List<Long> counts = new ArrayList<>();
        for (String name : List.of("added", "changed", "deleted", "unchanged", "rejected")) {
            counts.add(loaded.path(name).asLong());
        }
        return counts;
    }

    private List<String> live() throws SQLException {
        return Hapi.column(
                database,
                "select type || '/' || key || coalesce(' ' || (resource ->> 'gender'), '') from rf.resource"
                        + " where not deleted order by 1");
    }

    private static String patient(String id, String gender, String meta) {
        return "{\"resourceType\":\"Patient\",\"id\":\"" + id + "\",\"meta\":{" + meta + "},\"gender\":\"" + gender
                + "\"}";
    }

    private static String versioned(String gender, int version) {
        return patient("ada", gender, "\"versionId\":\"" + version + "\"");
    }

    private static String updated(String gender, String time) {
        return patient("ada", gender, "\"lastUpdated\":\"" + time + "\"");
    }

    @Test
    void resourcesOfAnyTypeComeFromFilesOfAnyName() throws Exception {
        String plain = file("patients", ADA, "{\"resourceType\":\"Group\",\"id\":\"g\"}");
        String compressed = zipped("7", BOB);
        assertThat(counts(load(plain, compressed))).containsExactly(3L, 0L, 0L, 0L, 0L);
        assertThat(live()).containsExactly("Group/g", "Patient/ada female", "Patient/bob male");
    }

    @Test
    void folderStandsForItsNdjsonFiles() throws Exception {
        file("Patient.000.ndjson", ADA);
        zipped("Patient.001.ndjson.gz", BOB);
        file("manifest.json", "{\"transactionTime\": \"2026-11-20T02:00:00Z\"}");
        Ended ended = rf("load", folder.toString()).done();
        assertThat(ended.out()).startsWith("2 resources from 2 files: 2 new, 0 changed, 0 deleted, 0 known before");
        assertThat(ended.err()).contains("left out: " + folder.resolve("manifest.json"));
    }

    @Test
    void folderOfNamelessDownloadsIsLoadedWhole() throws Exception {
        file("1", ADA);
        file("2", BOB);
        assertThat(counts(load(folder.toString()))).containsExactly(2L, 0L, 0L, 0L, 0L);
    }

    @Test
    void standardInputIsAFileToo() throws Exception {
        Ended ended = Rf.on(database).runTyping(ADA + "\n" + BOB, "load", "-").done();
        assertThat(ended.out()).startsWith("2 resources from 1 file: 2 new");
        assertThat(live()).hasSize(2);
    }

    @Test
    void byteOrderMarkBlankLinesAndWindowsLineEndsMeanNothing() throws Exception {
        String file = file("windows.ndjson", "\ufeff" + ADA + "\r", "\r", "", "  " + BOB + "\r");
        assertThat(counts(load(file))).containsExactly(2L, 0L, 0L, 0L, 0L);
        assertThat(counts(load(file("unix.ndjson", ADA, BOB)))).containsExactly(0L, 0L, 0L, 2L, 0L);
    }

    @Test
    void loadingTheSameAgainWritesNothing() throws Exception {
        String file = file("a.ndjson", ADA, versioned("male", 3).replace("ada", "v"), deletion("Patient/gone"));
        load(file);
        String rows = "select xmin || ' ' || xmax || ' ' || res_id from rf.resource order by res_id";
        List<String> before = Hapi.column(database, rows);
        assertThat(counts(load(file))).containsExactly(0L, 0L, 0L, 3L, 0L);
        assertThat(Hapi.column(database, rows)).isEqualTo(before);
    }

    static Stream<Arguments> versions() {
        return Stream.of(
                Arguments.of(List.of(ADA, ADA.replace("female", "other")), "other"),
                Arguments.of(List.of(versioned("male", 9), versioned("other", 10)), "other"),
                Arguments.of(List.of(versioned("other", 10), versioned("male", 9)), "other"),
                Arguments.of(
                        List.of(
                                updated("other", "2026-02-01T00:00:00+02:00"),
                                updated("male", "2026-01-31T21:59:59.999Z")),
                        "other"),
                Arguments.of(
                        List.of(updated("male", "2026-01-31T00:00:00Z"), updated("other", "2026-02-01T00:00:00Z")),
                        "other"),
                // the time goes before the number: a server that was restored counts anew
                Arguments.of(
                        List.of(
                                patient("ada", "male", "\"versionId\":\"8\",\"lastUpdated\":\"2026-01-01T00:00:00Z\""),
                                patient(
                                        "ada",
                                        "other",
                                        "\"versionId\":\"2\",\"lastUpdated\":\"2026-01-02T00:00:00Z\"")),
                        "other"),
                // what cannot be compared: the last one
                Arguments.of(List.of(updated("male", "2026-01-31T00:00:00Z"), ADA), "female"),
                Arguments.of(List.of(versioned("male", 9).replace("\"9\"", "\"W/x\""), versioned("other", 1)), "other"),
                Arguments.of(List.of(updated("male", "yesterday"), updated("other", "2020-01-01T00:00:00Z")), "other"));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void newestVersionCounts(List<String> versions, String gender) throws Exception {
        load(file("all.ndjson", versions.toArray(String[]::new)));
        assertThat(live()).containsExactly("Patient/ada " + gender);
    }

    @ParameterizedTest
    @MethodSource("versions")
    void newestVersionCountsFromLoadToLoad(List<String> versions, String gender) throws Exception {
        for (String version : versions) {
            load(file("one.ndjson", version));
        }
        assertThat(live()).containsExactly("Patient/ada " + gender);
    }

    @Test
    void manyVersionsOfOneResourceInOneFile() throws Exception {
        String[] lines = new String[100];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = versioned(i == 57 ? "other" : "male", i == 57 ? 1000 : i);
        }
        load(file("history.ndjson", lines));
        assertThat(live()).containsExactly("Patient/ada other");
    }

    @Test
    void listOfDeletionsRemovesResources() throws Exception {
        load(file("a.ndjson", ADA, BOB, ADA.replace("Patient", "Person")));
        JsonNode loaded =
                load(file("deleted.ndjson", deletion("Patient/ada", "https://fhir.example.org/r4/Patient/unknown")));
        assertThat(counts(loaded)).containsExactly(0L, 0L, 2L, 0L, 0L);
        assertThat(live()).containsExactly("Patient/bob male", "Person/ada female");
        assertThat(counts(load(file("b.ndjson", ADA)))).containsExactly(0L, 1L, 0L, 0L, 0L);
        assertThat(live()).contains("Patient/ada female");
    }

    @Test
    void olderExportDoesNotBringADeletedResourceBack() throws Exception {
        String ada = updated("female", "2026-01-01T00:00:00Z");
        load(file("a.ndjson", ada));
        load("--as-of", "2026-02-01T00:00:00Z", file("deleted.ndjson", deletion("Patient/ada")));
        assertThat(counts(load(file("a.ndjson", ada)))).containsExactly(0L, 0L, 0L, 1L, 0L);
        assertThat(live()).isEmpty();
    }

    @Test
    void bundleThatIsAResourceIsOne() throws Exception {
        load(file("a.ndjson", "{\"resourceType\":\"Bundle\",\"id\":\"doc\",\"type\":\"document\",\"entry\":[{}]}"));
        assertThat(live()).containsExactly("Bundle/doc");
    }

    static Stream<Arguments> badLines() {
        return Stream.of(
                Arguments.of("{\"resourceType\":\"Patient\",\"id\":\"x\"", "not JSON"),
                Arguments.of("canary", "not JSON"),
                Arguments.of("[{\"resourceType\":\"Patient\"}]", "JSON, but no object"),
                Arguments.of(ADA + ADA, "more than one JSON value in the line"),
                Arguments.of("{\"id\":\"canary\"}", "no resourceType"),
                Arguments.of("{\"resourceType\":7,\"id\":\"canary\"}", "no resourceType"),
                Arguments.of(
                        "{\"resourceType\":\"Canary\",\"id\":\"x\"}", "its resourceType is none of FHIR R4, R4B or R5"),
                Arguments.of("{\"resourceType\":\"DomainResource\",\"id\":\"x\"}", "is none of FHIR"),
                Arguments.of("{\"resourceType\":\"Patient\",\"name\":[{\"family\":\"canary\"}]}", "no id"),
                Arguments.of("{\"resourceType\":\"Patient\",\"id\":\"a/canary\"}", "its id is no FHIR id"),
                Arguments.of("{\"resourceType\":\"Patient\",\"id\":\"\"}", "its id is no FHIR id"),
                Arguments.of(
                        "{\"resourceType\":\"Patient\",\"id\":\"x\",\"language\":\"canary\\u0000\"}",
                        "the character \\u0000, which PostgreSQL cannot store"),
                Arguments.of(
                        "{\"resourceType\":\"Patient\",\"id\":\"x\",\"language\":\"canary\\ud800\"}",
                        "PostgreSQL cannot store it"),
                Arguments.of(
                        "{\"resourceType\":\"Patient\",\"id\":\"x\",\"n\":1e999999}", "PostgreSQL cannot store it"),
                Arguments.of(deletion("Patient?identifier=canary"), "a deletion that does not name a resource"),
                Arguments.of(deletion("Canary/x"), "a deletion that does not name a resource"));
    }

    @Test
    void momentThatIsNoneOfFhirsInstantsIsNotTaken() throws Exception {
        String file = file(
                "moments",
                updated("male", "+999999999-01-01T00:00:00Z"),
                updated("female", "-999999999-01-01T00:00:00Z"),
                updated("other", "not a moment"));
        assertThat(counts(load(file))).containsExactly(1L, 2L, 0L, 0L, 0L);
        assertThat(live()).containsExactly("Patient/ada other");
        assertThat(database.count("select count(*) from rf.resource where updated is null"))
                .isEqualTo(1);
    }

    @Test
    void exportOfAYearThatFhirDoesNotKnowIsNoMoment() throws Exception {
        assertThat(rf("load", "--as-of=+999999999-01-01T00:00:00Z", file("gone", deletion("Patient/ada")))
                        .failed(2)
                        .err())
                .contains("no moment: --as-of +999999999-01-01T00:00:00Z");
    }

    @ParameterizedTest
    @MethodSource("badLines")
    void badLineIsNamedAndTheRestIsLoaded(String line, String why) throws Exception {
        String file = file("mixed.ndjson", ADA, line, BOB);
        Ended ended = rf("load", file);
        assertThat(ended.code()).as(ended.err()).isEqualTo(3);
        assertThat(ended.err()).contains("rf: warning: " + file + ":2 is not loaded: ", why);
        assertThat(ended.out()).contains("2 resources from 1 file: 2 new", "1 line was not loaded");
        assertThat(ended.out() + ended.err()).doesNotContainIgnoringCase("canary\"", "canary\\");
        assertThat(live()).containsExactly("Patient/ada female", "Patient/bob male");
    }

    @Test
    void textThatIsNotUtf8IsLeftOut() throws Exception {
        Path file = folder.resolve("latin.ndjson");
        Files.write(file, (ADA + "\n" + BOB.replace("male", "m\u00e4") + "\n").getBytes(StandardCharsets.ISO_8859_1));
        assertThat(rf("load", file.toString()).code()).isEqualTo(3);
        assertThat(live()).containsExactly("Patient/ada female");
    }

    @Test
    void escapedBackslashBeforeU0000IsNoSuchCharacter() throws Exception {
        load(file("a.ndjson", BOB.replace("male", "\\\\u0000")));
        assertThat(live()).containsExactly("Patient/bob \\u0000");
    }

    @Test
    void manyBadLinesAreCountedAndTheFirstNamed() throws Exception {
        String[] lines = new String[500];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = i % 2 == 0 ? "{" : BOB.replace("bob", "p" + i);
        }
        Ended ended = rf("load", file("many.ndjson", lines));
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err().lines().filter(line -> line.contains("is not loaded")))
                .hasSize(20);
        assertThat(ended.err()).contains("and 230 more lines");
        assertThat(live()).hasSize(250);
    }

    @Test
    void cutOffFileIsLoadedAsFarAsItGoes() throws Exception {
        String[] lines = new String[5000];
        for (int i = 0; i < lines.length; i++) {
            lines[i] = BOB.replace("bob", "p" + i * 7919);
        }
        Path whole = Path.of(zipped("whole.ndjson.gz", lines));
        byte[] bytes = Files.readAllBytes(whole);
        Path half = Files.write(folder.resolve("half.ndjson.gz"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
        Ended ended = rf("load", half.toString(), file("more.ndjson", ADA));
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err()).contains(half + ":", "from here on the file cannot be read");
        assertThat(live()).contains("Patient/ada female", "Patient/p0 male").hasSizeLessThan(5000);
    }

    @Test
    void rejectionsAreInTheJsonDocument() throws Exception {
        String file = file("mixed.ndjson", ADA, "{");
        Ended ended = rf("load", "-o", "json", file);
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.out())
                .contains("\"schema\":\"rf.load/v1\"", "\"rejected\":1", "\"reason\":\"not JSON\"", "\"line\":2");
    }

    @Test
    void longLineIsLoaded() throws Exception {
        load(file("long.ndjson", BOB.replace("male", "m".repeat(20_000_000)), ADA));
        assertThat(live()).hasSize(2);
    }

    @Test
    void lineTooLongIsLeftOut() throws Exception {
        String file = file("long.ndjson", BOB.replace("male", "m".repeat(51_000_000)), ADA);
        Ended ended = rf("load", file);
        assertThat(ended.code()).isEqualTo(3);
        assertThat(ended.err()).contains(":1 is not loaded: longer than 48 MB");
        assertThat(live()).containsExactly("Patient/ada female");
    }

    @Test
    void exportsMomentIsKeptAndShown() throws Exception {
        Ended ended = rf("load", "--as-of", "2026-01-02T03:04:05+01:00", file("a.ndjson", ADA))
                .done();
        assertThat(ended.out()).contains("as of 2026-01-02T02:04:05Z");
        assertThat(Hapi.column(database, "select as_of at time zone 'UTC' from rf.load"))
                .containsExactly("2026-01-02 02:04:05");
    }

    @Test
    void wrongArgumentsAreRefusedBeforeAnythingIsWritten() throws Exception {
        String file = file("a.ndjson", ADA);
        assertThat(rf("load").failed(2).err()).contains("FILE");
        assertThat(rf("load", folder + "/none").failed(2).err()).contains("no file or folder " + folder + "/none");
        assertThat(rf("load", file, "--as-of", "today").failed(2).err()).contains("no moment: --as-of today");
        assertThat(rf("load", file, "--as-of", "2999-01-01T00:00:00Z").failed(2).err())
                .contains("is in the future");
        assertThat(rf("load", Files.createDirectory(folder.resolve("empty")).toString())
                        .failed(2)
                        .err())
                .contains("no files in the folder");
        assertThat(Hapi.column(database, "select nspname from pg_namespace where nspname = 'rf'"))
                .isEmpty();
    }

    @Test
    void missingRightIsNamedWithItsGrant() throws Exception {
        String role = "reader_" + database.database();
        database.execute("create role " + role + " login password 'only-for-tests'");
        try {
            Ended ended = Rf.on(database.as(database.database(), role, "only-for-tests"))
                    .run("load", file("a.ndjson", ADA))
                    .failed(1);
            assertThat(ended.err()).contains("GRANT CREATE ON DATABASE " + database.database() + " TO " + role);
        } finally {
            database.execute("drop role " + role);
        }
    }
}
