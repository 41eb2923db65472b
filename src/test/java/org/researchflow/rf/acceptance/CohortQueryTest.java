package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;

/** What a cohort question says of itself: its warnings, its errors, its explanation; and that it takes texts as texts. */
class CohortQueryTest {

    /** Words may stand in a text. */
    private static final long ANY = -1;

    private static TestDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void create() throws SQLException {
        database = Hapi.withViews();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private static Ended query(String... criteria) {
        return Rf.on(database)
                .run(Stream.concat(Stream.of("query", "-o", "json"), Stream.of(criteria))
                        .toArray(String[]::new));
    }

    private static long count(String... criteria) {
        return query(criteria).json().get("count").asLong();
    }

    private static String warnings(String... criteria) {
        return query(criteria).json().get("warnings").toString();
    }

    @Test
    void codeAndTextNameOneConcept() {
        long code = count("--code", "44054006");
        long text = count("--text", "Diabetes mellitus (all types)");
        long either = count("--code", "44054006", "--text", "Diabetes mellitus (all types)");
        assertThat(either).isGreaterThanOrEqualTo(Math.max(code, text)).isLessThanOrEqualTo(code + text);
        assertThat(count("--code", "44054006", "--and-text", "diabetes")).isLessThanOrEqualTo(code);
        assertThat(Rf.on(database)
                        .run("query", "--text", "Diabetes mellitus (all types)")
                        .done()
                        .out())
                .contains("condition text \"diabetes\"");
    }

    @ParameterizedTest
    @CsvSource({"snomed|44054006", "SCT|44054006", "http://snomed.info/sct|44054006"})
    void shortNamesStandForSystems(String code) {
        assertThat(count("--code", code)).isEqualTo(count("--code", "44054006")).isPositive();
        assertThat(query("--code", "snomd|44054006").failed(2).err())
                .contains("no code system is called \\\"snomd\\\" for short", "snomed|…");
    }

    @ParameterizedTest
    @ValueSource(strings = {"materialized", "postgres"})
    void everyDataDoubtIsAWarning(String runner) {
        assertThat(warnings("--medication", "nothing", "--runner", runner))
                .contains(
                        "no medication carries code nothing",
                        "requests refer to a medication that no stored view of Medication has: they never count before  rf views create");
        assertThat(warnings("--procedure", "1", "--runner", runner)).contains("no procedure carries code 1");
        assertThat(warnings("--encounter", "IMPP", "--runner", runner)).contains("no encounter carries code IMPP");
        assertThat(warnings("--not-code", "73211008", "--runner", runner))
                .contains("73211008 (its SNOMED check digit is wrong; 73211009 would pass)");
        assertThat(warnings("--text", "nosuchword", "--runner", runner))
                .contains("no condition has the text \\\"nosuchword\\\"");
        assertThat(warnings("--lab", "29463-7>50 stone", "--runner", runner))
                .contains("no value of 29463-7 is in stone; there are values in kg");
        assertThat(warnings("--lab", "29463-7>50 kg", "--runner", runner)).isEqualTo("[]");
        JsonNode open =
                query("--age", "0..200", "--at", "2025", "--runner", runner).json();
        assertThat(open.get("undecided").asLong()).isPositive();
        assertThat(open.get("warnings").toString()).contains("may belong to the cohort");
    }

    @Test
    void idsWarnToo() {
        assertThat(Rf.on(database)
                        .run("query", "--not-code", "73211008", "--ids")
                        .done()
                        .err())
                .contains("no condition carries code 73211008");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--gender mal; \"did you mean\":[\"male\"]",
                "--age old; not an age",
                "--age 65..40; no age is in 65..40",
                "--birthdate 1980-13; no such day",
                "--birthdate yesterday; a birth date takes dates",
                "--deceased --alive; exclude each other",
                "--at 2020; --at goes with --age",
                "--since 2010; go with something that happened",
                "--code 1 --since 2010 --until 2009; --since is after --until",
                "--code 1 --status activ; \"did you mean\":[\"active\"]",
                "--procedure 1 --status confirmed; no status \\\"confirmed\\\" of a procedure",
                "--code 1 --min-occurrences 0; --min-occurrences is 1 or more",
                "--lab 4548-4>high; not a code with a value",
                "--lab 4548-4=7..5; not a code with a value",
                "--lab 5778-6=<<260385009; stands for itself, not for those below it",
                "--lab 4548-4=<7; stands for itself, not for those below it",
                "--text ???; no word to look for",
                "--codes-file nowhere.txt; no file nowhere.txt",
                "-f nowhere.yaml; no file nowhere.yaml",
                "--view patient_simple --age 40; --view prints a view's rows"
            })
    void whatCannotBeMeantIsRefused(String flags, String error) {
        assertThat(query(flags.strip().split(" ", -1)).failed(2).err()).contains(error.strip());
    }

    @Test
    void explanationSaysWhatEachCriterionLeavesAndWhatServesIt() {
        JsonNode answer = query(
                        "--gender",
                        "male",
                        "--code",
                        "44054006",
                        "--not-code",
                        "59621000",
                        "--explain",
                        "--count-by-view")
                .json();
        JsonNode steps = answer.get("explanation");
        assertThat(steps.findValuesAsText("criterion"))
                .containsExactly("all patients", "gender = male", "condition 44054006", "not condition 59621000");
        assertThat(steps.get(0).get("left").asLong()).isEqualTo(count());
        assertThat(steps.get(1).get("left").asLong()).isEqualTo(count("--gender", "male"));
        assertThat(steps.get(2).get("left").asLong()).isEqualTo(count("--gender", "male", "--code", "44054006"));
        assertThat(steps.get(3).get("left").asLong())
                .isEqualTo(answer.get("count").asLong());
        assertThat(steps.get(2).get("alone").asLong()).isEqualTo(count("--code", "44054006"));
        assertThat(steps.get(2).get("views").toString())
                .contains("condition_simple", "code = Condition.code.coding.code");
        assertThat(answer.get("byView").findValuesAsText("view"))
                .containsExactly("patient_simple", "condition_simple", "condition_simple");
        String table = Rf.on(database)
                .run("query", "--gender", "male", "--code", "44054006", "--explain", "--count-by-view")
                .done()
                .out();
        assertThat(table)
                .contains("LEFT", "from condition_simple: code = Condition.code.coding.code", "VIEW", "PATIENTS");
    }

    @Test
    void codesComeFromFiles() throws IOException {
        Path list = folder.resolve("codes.txt");
        Files.writeString(list, "# diabetes\nsnomed|44054006  # type 2\n\n73211009\n");
        Path valueSet = folder.resolve("valueset.json");
        Files.writeString(valueSet, """
                {"resourceType": "ValueSet", "expansion": {"contains": [
                  {"system": "http://snomed.info/sct", "abstract": true, "code": "59621000", "contains": [
                    {"system": "http://snomed.info/sct", "code": "44054006"}]},
                  {"code": "73211009"}]}}""");
        long expected = count("--code", "44054006", "--code", "73211009");
        assertThat(count("--codes-file", list.toString())).isEqualTo(expected);
        assertThat(count("--codes-file", valueSet.toString())).isEqualTo(expected);
        Path rule = folder.resolve("rule.json");
        Files.writeString(rule, """
                {"resourceType": "ValueSet", "compose": {"include": [
                  {"system": "http://snomed.info/sct", "filter": [{"property": "concept", "op": "is-a", "value": "1"}]}]}}""");
        assertThat(query("--codes-file", rule.toString()).failed(2).err())
                .contains("rule.json:2:3", "a ValueSet that names codes by a rule", "$expand");
        Files.writeString(rule, """
                {"resourceType": "ValueSet", "expansion": {"contains": [{"code": "44054006\\u0000"}]}}""");
        assertThat(query("--codes-file", rule.toString()).failed(2).err()).contains("not a code", "44054006");
    }

    @Test
    void cohortFileInYamlIsThatOfTheFlags() throws IOException {
        Path file = folder.resolve("cohort.yaml");
        Files.writeString(file, """
                name: men with diabetes, without hypertension
                all:
                  - gender: male
                  - condition: [44054006, snomed|73211009]
                    text: "Diabetes mellitus (all types)"
                    since: 2000
                  - none:
                      - condition: 59621000
                        since: 2000
                """);
        assertThat(count("-f", file.toString()))
                .isEqualTo(count(
                        "--gender",
                        "male",
                        "--code",
                        "44054006",
                        "--code",
                        "73211009",
                        "--text",
                        "diabetes",
                        "--since",
                        "2000",
                        "--not-code",
                        "59621000"))
                .isPositive();
        assertThat(count("-f", file.toString(), "--gender", "female")).isZero();
    }

    @Test
    void exampleOfTheReadmeIsACohort() throws IOException {
        Path example = Path.of("docs/examples/cohort.yaml");
        assertThat(Files.readString(Path.of("README.md"))).contains("```yaml\n" + Files.readString(example) + "```");
        assertThat(count("-f", example.toString())).isPositive();
    }

    @Test
    void everyProblemOfACohortFileIsNamedWithItsPlace() throws IOException {
        Path file = folder.resolve("wrong.yaml");
        Files.writeString(file, """
                all:
                  - gendr: male
                  - age: old
                  - any: []
                  - condition: 44054006
                    sinse: 2010
                  - gender: male
                    age: 40
                  - lab: "4548-4>high"
                  - condition: 1
                    status: activ
                """);
        assertThat(query("-f", file.toString()).failed(2).err())
                .contains(
                        "no \\\"gendr\\\" in a criterion at " + file + ":2:5",
                        "did you mean:  gender ?",
                        "not an age: \\\"old\\\" at " + file + ":3:10",
                        "an empty group at " + file + ":4:10",
                        "no \\\"sinse\\\" in a criterion at " + file + ":6:5",
                        "did you mean:  since ?",
                        "two criteria in one: gender and age at " + file + ":8:5",
                        file + ":9:10",
                        "no status \\\"activ\\\" of a condition",
                        file + ":11:13");
        Files.writeString(file, "all: [gender: male\n");
        assertThat(query("-f", file.toString()).failed(2).err()).contains("broken YAML at " + file);
        Files.writeString(file, "all: &a\n  - any: *a\n");
        assertThat(query("-f", file.toString()).failed(2).err()).contains("wrong.yaml:");
        Files.writeString(
                file, "{\"all\": [{\"condition\": \"a\\u0000b\"}, {\"lab\": \"1>2 \\u0000\"}, {\"gendr\": 1}]}");
        assertThat(query("-f", file.toString()).failed(2).err())
                .contains("wrong.yaml:1:")
                .contains("U+0000");
    }

    static Stream<String> injections() {
        return Stream.of(
                "'; drop schema sqlonfhir cascade; --",
                "' or 1=1 --",
                "\\'; select 1; --",
                "$$; select 1; $$",
                "{44054006,59621000}",
                "{\"a\",NULL}",
                "\") or true --",
                "%_%",
                ".*\\m",
                "male' or '1'='1",
                "? ? ?",
                "snomed|' or 'x'='x",
                "<<snomed|' or 'x'='x",
                "<') or true --",
                "4548-4>6 ' or 1=1",
                "4548-4=' or ''='");
    }

    /** Each text in every flag and in every field of a file: an error of usage, or nobody. */
    @ParameterizedTest
    @MethodSource("injections")
    void textsAreNeverSql(String text) throws IOException, SQLException {
        long patients = count();
        for (String flag : List.of(
                "--gender",
                "--age",
                "--birthdate",
                "--code",
                "--text",
                "--medication",
                "--procedure",
                "--encounter",
                "--lab",
                "--codes-file",
                "-f")) {
            requireHarmless(query(flag, text), flag.equals("--text") ? ANY : 0);
        }
        for (String flag :
                List.of("--at", "--since", "--until", "--status", "--min-occurrences", "--and-code", "--and-text")) {
            requireHarmless(query("--code", "44054006", flag, text), flag.equals("--and-text") ? ANY : 0);
        }
        for (String flag : List.of(
                "--not-code", "--not-text", "--not-medication", "--not-procedure", "--not-encounter", "--not-lab")) {
            requireHarmless(query(flag, text), flag.equals("--not-text") ? ANY : patients);
        }
        for (List<String> flags : List.of(
                List.of("--by"),
                List.of("--rows", "--columns"),
                List.of("--rows", "--view"),
                List.of("--runner"),
                List.of("--min-cell"))) {
            List<String> args = new ArrayList<>(flags);
            args.add(text);
            query(args.toArray(String[]::new)).failed(2);
        }
        Rf.on(database).run("query", "save", text, "--gender", "male").failed(2);
        Rf.on(database).run("query", "run", text).failed(2);
        Rf.on(database).run("terminology", "drop", text, "--yes").failed(2);
        List<String> fields =
                new ArrayList<>(List.of("gender", "age", "birthdate", "condition", "code", "text", "medication"));
        fields.addAll(List.of("procedure", "encounter", "lab", "deceased", "all", "any", "none", text));
        String json = new com.fasterxml.jackson.databind.json.JsonMapper().writeValueAsString(text);
        Path file = folder.resolve("cohort.json");
        for (String field : fields) {
            String name = new com.fasterxml.jackson.databind.json.JsonMapper().writeValueAsString(field);
            Files.writeString(file, "{" + name + ": " + json + "}");
            requireHarmless(query("-f", file.toString()), field.equals("text") ? ANY : 0);
        }
        for (String field : List.of("since", "until", "status", "minOccurrences")) {
            Files.writeString(file, "{\"condition\": \"44054006\", \"" + field + "\": " + json + "}");
            requireHarmless(query("-f", file.toString()), 0);
        }
        assertThat(count()).isEqualTo(patients);
        assertThat(database.count("select count(*) from information_schema.views where table_schema = 'sqlonfhir'"))
                .isPositive();
    }

    private static void requireHarmless(Ended ended, long expected) {
        if (ended.code() == 2) {
            assertThat(ended.err()).doesNotContain("Exception", "mistake in rf", "syntax error");
        } else {
            assertThat(ended.json().get("count").asLong())
                    .matches(count -> expected == ANY || count == expected, "is " + expected);
        }
    }
}
