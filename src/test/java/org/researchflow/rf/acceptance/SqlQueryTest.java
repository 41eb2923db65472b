package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** SQLQueries: {@code rf query run} and {@code describe} with a Library or a file of SQL. */
class SqlQueryTest {

    private static final String CODED = "docs/examples/patients_with_code.sql";

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

    private static Ended query(String... args) {
        return Rf.on(database)
                .run(Stream.concat(Stream.of("query"), Stream.of(args)).toArray(String[]::new));
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    @Test
    void queryIsRunOverTheViewsWithItsParameters() throws SQLException {
        JsonNode answer =
                query("run", CODED, "--param", "code=44054006", "-o", "json").json();
        assertThat(answer.get("schema").asText()).isEqualTo("rf.rows/v1");
        assertThat(answer.get("runner").asText()).isEqualTo("hybrid");
        assertThat(answer.get("complete").asBoolean()).isTrue();
        assertThat(answer.get("views").findValuesAsText("name")).contains("condition_simple", "patient_simple");
        assertThat(answer.get("rows").findValuesAsText("id")).isEqualTo(Hapi.column(database, """
                        select distinct p.id from sqlonfhir.condition_simple c
                          join sqlonfhir.patient_simple p on p.id = c.patient_id
                         where c.code = '44054006' order by 1
                        """));
        for (String runner : new String[] {"materialized", "postgres"}) {
            assertThat(query("run", CODED, "--param", "code=44054006", "--runner", runner, "-o", "json")
                            .json()
                            .get("rows"))
                    .as(runner)
                    .isEqualTo(answer.get("rows"));
        }
        assertThat(query("run", CODED, "--param", "code=44054006", "--param", "born_before=1800-01-01", "-o", "ndjson")
                        .out())
                .isEmpty();
        assertThat(query("run", CODED, "--param", "code=44054006", "-o", "csv").lines())
                .first()
                .isEqualTo("id,gender,birth_date,conditions");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x'; drop table sqlonfhir.saved_query; --",
                "' or '1'='1",
                "$$; select 1; $$",
                "\\'; --",
                "?:code::text",
                "x') union select usename, '', '', 1 from pg_user --",
                "\"*/ /*"
            })
    void whateverIsTypedIsAValue(String value) throws IOException {
        String echo = file("echo.sql", "---\nparameters: {word: string}\n---\nselect :word as word, ':word' as quoted");
        JsonNode rows = query("run", echo, "--param", "word=" + value, "-o", "json")
                .json()
                .get("rows");
        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).get("word").asText()).isEqualTo(value);
        assertThat(rows.get(0).get("quoted").asText()).isEqualTo(":word");
        assertThat(query("run", CODED, "--param", "code=" + value, "-o", "json")
                        .json()
                        .get("rows"))
                .isEmpty();
    }

    @Test
    void libraryDeclaresTypesAndTheDialectIsChosen() throws IOException {
        String library = file("born.json", """
                {"resourceType": "Library", "name": "born", "type": {"coding": [{"code": "sql-query"}]},
                 "parameter": [
                   {"name": "n", "use": "in", "type": "integer", "min": 1, "max": "1", "documentation": "A number"},
                   {"name": "on", "use": "in", "type": "date", "min": 0, "max": "1"},
                   {"name": "sure", "use": "in", "type": "boolean"}],
                 "content": [
                   {"contentType": "application/sql", "data": "%s"},
                   {"contentType": "application/sql; dialect=postgresql", "data": "%s"}]}
                """.formatted(base64("select 'any' as dialect"), base64("""
                        select :n + 1 as n, :on + 1 as on_day, not :sure as unsure, /* :x */ 'a?b' like 'a?%' as mark,
                               array[1, 2] <@ array[1, 2, 3] and '{"a": 1}'::jsonb ? 'a' as has
                        """)));
        JsonNode row = query("run", library, "--param", "n=41", "--param", "sure=false", "-o", "json")
                .json()
                .get("rows")
                .get(0);
        assertThat(row.toString()).isEqualTo("{\"n\":42,\"on_day\":null,\"unsure\":true,\"mark\":true,\"has\":true}");
        JsonNode described = query("describe", library, "-o", "json").json();
        assertThat(described.get("parameters").findValuesAsText("sqlType"))
                .containsExactly("integer", "date", "boolean");
        assertThat(described.get("parameters").get(0).get("documentation").asText())
                .isEqualTo("A number");
        assertThat(described.get("parameters").get(1).get("required").asBoolean())
                .isFalse();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            value = {
                "run " + CODED + "|needs a value for its parameter code",
                "run " + CODED + " --param code|--param needs a name and a value",
                "run " + CODED + " --param cod=1|has no parameter named \"cod\"",
                "run " + CODED + " --param code=1 --param code=2|--param code twice",
                "run " + CODED
                        + " --param code=1 --param born_before=2020|the value of --param born_before does not fit",
                "run " + CODED + " --param code=1 --gender male|criteria such as --gender go with a cohort",
                "run " + CODED + " --param code=1 --min-cell 11|a SQLQuery prints rows of however few patients",
                "run " + CODED + " --param code=1 --ids|its SQL says what is printed",
                "run docs/examples/cohort.yaml --param a=1|--param goes with a SQLQuery",
                "describe nosuch.sql|no file nosuch.sql"
            })
    void whatCannotBeMeantIsRefused(String args, String error) {
        assertThat(query(args.split(" ", -1)).failed(2).err()).contains(error);
    }

    @ParameterizedTest
    @ValueSource(strings = {"hybrid", "materialized", "postgres"})
    void labelsMayBeOtherViewsNames(String runner) throws IOException, SQLException {
        String swapped = file("swapped.sql", """
                ---
                depends-on: {patient_simple: condition_simple, condition_simple: patient_simple, Code: condition_simple}
                ---
                select (select count(*) from patient_simple) as conditions,
                       (select count(*) from condition_simple) as patients, (select count(code) from Code) as codes
                """);
        assertThat(query("run", swapped, "--runner", runner, "-o", "csv")
                        .lines()
                        .get(1))
                .isEqualTo(Hapi.column(database, """
                        select concat_ws(',', (select count(*) from sqlonfhir.condition_simple),
                                              (select count(*) from sqlonfhir.patient_simple),
                                              (select count(code) from sqlonfhir.condition_simple))
                        """).getFirst());
    }

    @ParameterizedTest
    @CsvSource({
        "positiveInt, 0, 7, from 1 on",
        "unsignedInt, -1, 0, from 0 on",
        "integer, 2147483648, -5, a whole number",
        "date, +12020-01-01, 2020-02-29, a whole date",
        "dateTime, -4800-01-01T00:00:00Z, 2020-01-01T00:00:00Z, a moment"
    })
    void valuesAreOfTheTypesThatFhirGivesThem(String type, String wrong, String right, String example)
            throws IOException {
        String echo = file("echo.sql", "---\nparameters: {it: " + type + "}\n---\nselect cast(:it as text) as it");
        assertThat(query("run", echo, "--param", "it=" + wrong).failed(2).err())
                .contains("the value of --param it does not fit", example);
        query("run", echo, "--param", "it=" + right).done();
    }

    @Test
    void infinityIsNoDate() throws IOException {
        JsonNode row = query("run", file("ends.sql", """
                        select date 'infinity' as d, timestamp '-infinity' as t, timestamptz 'infinity' as z,
                               date '2020-02-29' as finite
                        """), "-o", "json")
                .json()
                .get("rows")
                .get(0);
        assertThat(row.toString())
                .isEqualTo("{\"d\":\"infinity\",\"t\":\"-infinity\",\"z\":\"infinity\",\"finite\":\"2020-02-29\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"select E'a'\n'\\' || :x --'", "select e'a' -- b\r\n\t--c\n  'b'"})
    void literalThatTheDriverReadsOtherwiseIsRefused(String sql) throws IOException {
        assertThat(query("describe", file("goes-on.sql", sql)).failed(2).err())
                .contains("a literal with backslashes goes on in another line at", "goes-on.sql:1:9");
        assertThat(query("run", file("apart.sql", "select E'\\'' as a, 'b'\n'\\' as b"), "-o", "csv")
                        .lines())
                .containsExactly("a,b", "',b\\");
    }

    @Test
    void twoColumnsOfOneNameAreRefused() throws IOException {
        assertThat(query("run", file("twice.sql", "select 1 as a, 2 as a"))
                        .failed(2)
                        .err())
                .contains("two columns of the answer are named \"a\"");
        assertThat(query("run", file("writes.sql", "with w as (delete from sqlonfhir.query_log) select 1"))
                        .failed(1)
                        .err())
                .contains("PostgreSQL");
    }

    @Test
    void savedQueryIsRunByItsName() {
        assertThat(query("save", "coded", "-f", CODED).out()).startsWith("coded saved");
        assertThat(query("list", "-o", "csv").out()).contains("coded,sql-query,\"SQL with code, born_before\"");
        assertThat(query("run", "coded", "--param", "code=44054006", "-o", "json")
                        .json()
                        .get("rows"))
                .isEqualTo(query("run", CODED, "--param", "code=44054006", "-o", "json")
                        .json()
                        .get("rows"));
        assertThat(query("describe", "coded").out()).contains("--param code=", "reads condition_simple");
        query("delete", "coded", "--yes").done();
    }

    @Test
    void liveRowsAreMergedAndSqlViewsAreAsOfTheirRefresh() throws IOException, SQLException {
        String view = file("men.sql", """
                ---
                depends-on: [patient_simple]
                ---
                select count(*) as men from patient_simple where gender = 'male'
                """);
        Rf.on(database).run("views", "create", "-f", view).done();
        String both = file("both.sql", """
                ---
                depends-on: {p: patient_simple, men: men}
                ---
                select (select men from men) as stored, (select count(*) from p where gender = 'male') as live
                """);
        try (TestDatabase changed = TestPostgres.copyOf(database)) {
            Rf rf = Rf.on(changed);
            long before = Long.parseLong(String.valueOf(
                    Hapi.column(changed, "select men from sqlonfhir.men").getFirst()));
            changed.execute("update hfj_resource set res_deleted_at = now() where res_type = 'Patient'");
            JsonNode answer = rf.run("query", "run", both, "-o", "json").json();
            assertThat(answer.get("rows").get(0).get("stored").asLong()).isEqualTo(before);
            assertThat(answer.get("rows").get(0).get("live").asLong()).isZero();
            assertThat(answer.get("complete").asBoolean()).as("of two moments").isFalse();
        }
    }
}
