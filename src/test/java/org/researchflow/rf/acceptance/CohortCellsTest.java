package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** {@code rf query --by} and {@code --rows} give what loops over the resources find, changes since included. */
class CohortCellsTest {

    private static final int QUESTIONS = Integer.getInteger("rf.oracle.cells", 30);

    private static TestDatabase database;
    private static List<PatientRecord> patients;

    @BeforeAll
    static void create() throws SQLException {
        database = TestPostgres.hapi880();
        database.execute("analyze");
        Rf.on(database).run("views", "create-all").done();
        change("Condition", 23, "'{verificationStatus,coding,0,code}', '\"entered-in-error\"'");
        change("Condition", 29, "'{onsetDateTime}', '\"2011\"'");
        change("Condition", 31, "'{code,coding}', '[]'");
        change("Patient", 7, "'{birthDate}', '\"1975-03\"'");
        change("Patient", 11, "'{birthDate}', '\"1975\"'");
        change("Patient", 13, "'{gender}', '\"other\"'");
        patients = PatientRecord.all(database);
    }

    /** Changes every so many live resources, after the views were built. */
    private static void change(String type, int oneOf, String change) throws SQLException {
        String which = "res_type = '" + type + "' and res_deleted_at is null and res_id % " + oneOf + " = 0";
        database.execute("""
                update hfj_res_ver v
                   set res_text_vc = jsonb_set(res_text_vc::jsonb, %s)::text
                 where res_text_vc is not null and v.res_id in (select res_id from hfj_resource where %s)
                """.formatted(change, which));
        database.execute("update hfj_resource set res_updated = res_updated where " + which);
    }

    /** Who was forty then is counted in the bands of that day. */
    @Test
    void ageBandsAreOfTheDayOfTheFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("cohort.yaml"), "age: 40..49\nat: 2000-01-01\n");
        JsonNode cells = Rf.on(database)
                .run("query", "-f", file.toString(), "--by", "age-band", "-o", "json")
                .json()
                .get("cells");
        assertThat(cells.findValuesAsText("age_band")).containsExactly("40..49");
        Files.writeString(file, "all: [{age: 40..49, at: 2000-01-01}, {age: 50..59, at: 2010-01-01}]");
        assertThat(Rf.on(database)
                        .run("query", "-f", file.toString(), "--by", "age-band")
                        .failed(2)
                        .err())
                .contains("of several days", "--at 2000-01-01");
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    static Stream<Long> seeds() {
        return Stream.iterate(1L, seed -> seed + 1).limit(QUESTIONS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void cellsAreThoseOfLoopsOverTheResources(long seed) {
        Random random = new Random(seed);
        List<Asked> question = CohortOracleTest.flags(seed, patients);
        List<String> dimensions = new ArrayList<>(List.of("gender", "age-band", "code", "year"));
        java.util.Collections.shuffle(dimensions, random);
        List<String> by = dimensions.subList(0, 1 + random.nextInt(4));
        List<String> args = new ArrayList<>(List.of("query", "-o", "json", "--by", String.join(",", by)));
        question.forEach(asked -> args.addAll(asked.flags()));
        boolean hasDay = args.contains("--at");
        LocalDate at = hasDay ? LocalDate.parse(args.get(args.indexOf("--at") + 1)) : LocalDate.of(2020, 2, 29);
        if (!hasDay && by.contains("age-band")) {
            args.addAll(List.of("--at", at.toString()));
        }
        args.addAll(List.of("--runner", seed % 5 == 0 ? "postgres" : "hybrid"));
        Map<String, Long> expected = new HashMap<>();
        long count = 0;
        for (PatientRecord patient : patients) {
            if (question.stream().allMatch(asked -> asked.meaning().apply(patient) == Truth.YES)) {
                count++;
                cells(patient, by, at).forEach(cell -> expected.merge(cell, 1L, Long::sum));
            }
        }
        JsonNode answer = Rf.on(database).run(args.toArray(String[]::new)).json();
        Map<String, Long> found = new HashMap<>();
        for (JsonNode cell : answer.get("cells")) {
            List<String> key = new ArrayList<>();
            by.forEach(name -> key.add(cell.get(name.replace('-', '_')).asText()));
            found.put(String.join("|", key), cell.get("patients").asLong());
        }
        assertThat(found).as(String.join(" ", args)).isEqualTo(expected);
        assertThat(answer.get("count").asLong()).isEqualTo(count);
    }

    /** The cells that a patient counts in. */
    private static Set<String> cells(PatientRecord patient, List<String> by, LocalDate at) {
        List<Map<String, String>> conditions = new ArrayList<>();
        for (Json condition : patient.events("Condition")) {
            String verification = String.valueOf(
                    condition.at("verificationStatus.coding").first().at("code").text());
            if (verification.equals("entered-in-error")) {
                continue;
            }
            String year = year(condition);
            for (Json coding : condition.at("code.coding").eachOrEmpty()) {
                conditions.add(Map.of("code", String.valueOf(coding.at("code").text()), "year", year));
            }
        }
        if (conditions.isEmpty()) {
            conditions.add(Map.of("code", "null", "year", "null"));
        }
        Set<String> cells = new HashSet<>();
        for (Map<String, String> condition : conditions) {
            List<String> key = new ArrayList<>();
            for (String dimension : by) {
                key.add(
                        switch (dimension) {
                            case "gender" ->
                                String.valueOf(patient.patient().at("gender").text());
                            case "age-band" -> band(patient, at);
                            default -> String.valueOf(condition.get(dimension));
                        });
            }
            cells.add(String.join("|", key));
        }
        return cells;
    }

    private static String year(Json condition) {
        Days days = Days.of(
                condition.at("onsetDateTime").exists()
                        ? condition.at("onsetDateTime").text()
                        : condition.at("recordedDate").text());
        return days == null ? "null" : String.valueOf(days.first().getYear());
    }

    private static String band(PatientRecord patient, LocalDate at) {
        Days born = Days.of(patient.patient().at("birthDate").text());
        if (born == null || born.last().isAfter(at)) {
            return "null";
        }
        int most = Math.min(9, Period.between(born.first(), at).getYears() / 10);
        int least = Math.min(9, Period.between(born.last(), at).getYears() / 10);
        return most != least ? "null" : most == 9 ? "90.." : most * 10 + ".." + (most * 10 + 9);
    }

    @Test
    void cellsPrintAsTableAndCsv() {
        Ended table = Rf.on(database).run("query", "--by", "gender");
        assertThat(table.lines().getFirst()).matches("GENDER +PATIENTS");
        assertThat(table.out()).contains("all patients: ", "hybrid");
        Ended csv = Rf.on(database).run("query", "--by", "gender,age-band", "-o", "csv");
        assertThat(csv.lines().getFirst()).isEqualTo("gender,age_band,patients");
        Ended ndjson = Rf.on(database).run("query", "--by", "gender", "-o", "ndjson");
        assertThat(ndjson.lines()).anyMatch(line -> line.startsWith("{\"gender\":\"female\",\"patients\":"));
    }

    @Test
    void cohortOfNobodyHasNoCells() {
        JsonNode answer = Rf.on(database)
                .run("query", "--by", "gender,code", "--birthdate", "1700", "-o", "json")
                .json();
        assertThat(answer.get("cells")).isEmpty();
        assertThat(answer.get("count").asLong()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--by gendr;did you mean:  gender",
                "--by gender,gender;named twice",
                "--by gender --ids;different answers",
                "--by gender --at 2020-01-01;--at goes with",
                "--columns id;--columns goes with --rows",
                "--rows --columns nosuch;no column \"nosuch\" in patient_simple",
                "--rows --view nosuch;no view named",
                "--rows --limit 3;--limit goes with --view",
                "--min-cell eleven;--min-cell takes a whole number",
                "--min-cell 11 --view patient_simple;however few patients",
                "--min-cell 11 --explain --count-by-view;how few there are"
            })
    void whatCannotBeMeantIsRefused(String flags, String error) {
        Ended ended = Rf.on(database)
                .run(Stream.concat(Stream.of("query"), Stream.of(flags.split(" ")))
                        .toArray(String[]::new))
                .failed(2);
        assertThat(ended.err().replaceAll("\\s+", " ")).contains(error.replaceAll("\\s+", " "));
    }

    @ParameterizedTest
    @CsvSource({"hybrid", "postgres", "materialized"})
    void rowsAreThoseOfTheCohortsPatients(String runner) {
        List<String> cohort = List.of("--gender", "male", "--code", "444814009", "--runner", runner);
        List<String> ids = new ArrayList<>(List.of("query", "--ids", "-o", "json"));
        ids.addAll(cohort);
        List<String> keys = Rf.on(database)
                .run(ids.toArray(String[]::new))
                .json()
                .get("ids")
                .findValuesAsText("patient_id");
        List<String> rows = new ArrayList<>(List.of("query", "--rows", "--columns", "id,gender", "-o", "csv"));
        rows.addAll(cohort);
        List<String> lines = Rf.on(database).run(rows.toArray(String[]::new)).lines();
        assertThat(lines).hasSize(keys.size() + 1).startsWith("id,gender");
        assertThat(lines.stream().skip(1).map(line -> line.substring(0, line.indexOf(','))))
                .containsExactlyInAnyOrderElementsOf(keys);
        List<String> events = new ArrayList<>(List.of(
                "query", "--rows", "--view", "condition_simple", "--columns", "patient_id,code", "-o", "ndjson"));
        events.addAll(cohort);
        List<String> found = Rf.on(database).run(events.toArray(String[]::new)).lines();
        assertThat(found.stream().map(line -> line.split("\"", -1)[3]).distinct())
                .containsExactlyInAnyOrderElementsOf(keys);
        assertThat(found).hasSizeGreaterThan(keys.size());
    }
}
