package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** {@code --lenient}: what does not fit the type of its column is null and counted. */
class LenientTest {

    private static final String VIEW = """
            {"resourceType": "ViewDefinition", "name": "people", "resource": "Patient", "status": "active",
             "select": [
               {"column": [{"name": "id", "path": "getResourceKey()"},
                           {"name": "born", "path": "birthDate", "tag": [{"name": "ansi/type", "value": "DATE"}]},
                           {"name": "last_day", "path": "birthDate.highBoundary()",
                            "tag": [{"name": "ansi/type", "value": "DATE"}]},
                           {"name": "died", "path": "deceased.ofType(dateTime)",
                            "tag": [{"name": "ansi/type", "value": "TIMESTAMP WITH TIME ZONE"}]},
                           {"name": "active", "path": "active"},
                           {"name": "known", "path": "name.exists()"},
                           {"name": "child", "path": "multipleBirth.ofType(integer)"},
                           {"name": "house", "path": "address.first().line.first()",
                            "tag": [{"name": "ansi/type", "value": "SMALLINT"}]},
                           {"name": "area", "path": "address.first().postalCode",
                            "tag": [{"name": "ansi/type", "value": "NUMERIC(5,2)"}]},
                           {"name": "picture", "path": "photo.first().data"},
                           {"name": "ranks", "path": "telecom.rank", "collection": true}]},
               {"forEachOrNull": "contact",
                "column": [{"name": "since", "path": "period.start",
                            "tag": [{"name": "ansi/type", "value": "DATE"}]}]},
               {"unionAll": [
                  {"column": [{"name": "number", "path": "identifier.first().value",
                               "tag": [{"name": "ansi/type", "value": "INTEGER"}]}]},
                  {"forEachOrNull": "link.other.where(reference.exists())", "unionAll": [
                     {"column": [{"name": "number", "path": "reference",
                                  "tag": [{"name": "ansi/type", "value": "INTEGER"}]}]}]}]}]}
            """;

    private static final String FITTING = """
            {"resourceType": "Patient", "id": "good", "birthDate": "1980-02-29", "active": true,
             "deceasedDateTime": "2020-01-01T10:00:00+02:00", "multipleBirthInteger": 2,
             "address": [{"line": ["12"], "postalCode": "123.456"}], "photo": [{"data": "aGVs bG8="}],
             "telecom": [{"rank": 1}, {"rank": 2}], "contact": [{"period": {"start": "2001-01-01T10:00:00Z"}}],
             "identifier": [{"value": "7"}], "link": [{"other": {"reference": "8"}}]}
            """;

    private static final String MISFITTING = """
            {"resourceType": "Patient", "id": "bad", "birthDate": "canary-1980", "active": "canary",
             "deceasedDateTime": "2020", "multipleBirthInteger": 3000000000,
             "address": [{"line": ["40000"], "postalCode": "12345"}], "photo": [{"data": "canary!"}],
             "telecom": [{"rank": 1}, {"rank": "canary"}], "contact": [{"period": {"start": "2001-02"}}],
             "identifier": [{"value": "canary"}], "link": [{"other": {"reference": "canary"}}]}
            """;

    private static final String EMPTY = "{\"resourceType\": \"Patient\", \"id\": \"empty\"}";

    @TempDir
    private Path folder;

    private TestDatabase database;
    private Rf rf;

    @BeforeEach
    void create() throws SQLException {
        database = TestPostgres.empty();
        assumeTrue(database.count("select current_setting('server_version_num')::int") >= 160000);
        rf = Rf.on(database);
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Ended run(String... command) {
        Ended ended = rf.run(command);
        assertThat(ended.out() + ended.err()).doesNotContain("canary");
        return ended;
    }

    private Ended lenient(String... command) {
        return run(Stream.concat(Stream.of(command), Stream.of("--lenient")).toArray(String[]::new));
    }

    private void load(String... resources) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String resource : resources) {
            lines.add(resource.replace("\n", " "));
        }
        run("load", Files.write(folder.resolve("all.ndjson"), lines).toString()).done();
    }

    private String view() throws IOException {
        return Files.writeString(folder.resolve("people.json"), VIEW).toString();
    }

    private List<JsonNode> rows(String runner) {
        List<JsonNode> rows = new ArrayList<>();
        lenient("query", "--view", "people", "--runner", runner, "-o", "json")
                .json()
                .get("rows")
                .forEach(rows::add);
        return rows;
    }

    private JsonNode misfits() {
        return lenient("views", "status", "-o", "json").json().at("/views/0/misfits");
    }

    @Test
    void whatDoesNotFitIsNullAndCounted() throws SQLException, IOException {
        load(FITTING, MISFITTING, EMPTY);
        Ended created = lenient("views", "create", "-f", view()).done();
        assertThat(created.err())
                .contains("warning: column born of people: 2 values do not fit date and are null")
                .contains("warning: column area of people: 2 values do not fit numeric(5,2) and are null");
        assertThat(misfits()).hasToString("""
                {"born":2,"last_day":2,"died":2,"active":2,"child":2,"house":2,"area":2,"picture":2,"ranks":2,\
                "since":2,"number":2}""");
        assertThat(database.count("""
                select count(*) from sqlonfhir.people
                 where id = 'bad' and coalesce(born, last_day, since) is null and died is null and active is null
                   and not known and child is null and house is null and area is null and picture is null
                   and ranks = '{1}' and number is null""")).isEqualTo(2);
        assertThat(database.count("""
                select count(*) from sqlonfhir.people
                 where id = 'good' and born = '1980-02-29' and last_day = '1980-02-29' and since = '2001-01-01'
                   and died = '2020-01-01 08:00Z' and active and child = 2 and house = 12 and area = 123.46
                   and picture = 'hello' and ranks = '{1,2}' and number in (7, 8)""")).isEqualTo(2);
        assertThat(lenient("query", "--view", "people", "-o", "json")
                        .json()
                        .get("complete")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void hiddenColumnsStayHidden() throws SQLException, IOException {
        load(MISFITTING);
        lenient("views", "create", "-f", view()).done();
        assertThat(database.count("""
                select count(*) from information_schema.columns
                 where table_schema = 'sqlonfhir' and table_name = 'people' and column_name ~ '^rf_'""")).isZero();
        assertThat(lenient("views", "list", "-o", "json")
                        .json()
                        .at("/views/0/columns")
                        .asInt())
                .isEqualTo(13);
    }

    @Test
    void everyRunnerAndRefreshGiveTheSame() throws IOException {
        load(Stream.concat(
                        Stream.of(FITTING, EMPTY),
                        Stream.iterate(1, i -> i + 1)
                                .limit(10)
                                .map(i -> FITTING.replace("\"good\"", "\"good-" + i + '"')))
                .toArray(String[]::new));
        lenient("views", "create", "-f", view()).done();
        assertThat(misfits()).isEmpty();
        load(MISFITTING);
        JsonNode refreshed =
                lenient("views", "refresh", "people", "-o", "json").json().at("/results/people");
        assertThat(refreshed.get("method").asText()).isEqualTo("incremental");
        assertThat(refreshed.at("/misfits/born").asInt()).isEqualTo(2);
        assertThat(rows("postgres")).hasSize(26).containsExactlyInAnyOrderElementsOf(rows("materialized"));
        lenient("views", "verify").done();
    }

    @Test
    void anotherSettingBuildsAnew() throws IOException {
        load(FITTING);
        run("views", "create", "-f", view()).done();
        assertThat(lenient("views", "refresh", "people", "-o", "json")
                        .json()
                        .at("/results/people/because")
                        .asText())
                .isEqualTo("the settings changed");
    }

    @Test
    void withoutItTheFirstMisfitIsAnError() throws IOException {
        load(MISFITTING);
        run("views", "create", "-f", view()).failed(1);
    }

    @Test
    void aRuleOfTheSpecificationStillRaises() throws IOException {
        load("""
                {"resourceType": "Patient", "id": "two", "deceasedDateTime": "2020-01-01",
                 "identifier": [{"value": "1"}], "contact": [{"period": {"start": "2001-01-01"}}]}""");
        Path file = Files.writeString(folder.resolve("names.json"), """
                {"resourceType": "ViewDefinition", "name": "names", "resource": "Patient", "status": "active",
                 "select": [{"column": [{"name": "born", "path": "telecom.rank"}]}]}""");
        load("{\"resourceType\": \"Patient\", \"id\": \"ranks\", \"telecom\": [{\"rank\": 1}, {\"rank\": 2}]}");
        assertThat(lenient("views", "create", "-f", file.toString()).failed(1).err())
                .contains("Multiple values found but not expected for column \"born\" of names");
    }

    @Test
    void theEnvironmentMaySayItToo() throws IOException {
        load(MISFITTING);
        Rf asked = Rf.on(database).with("RF_LENIENT", "true");
        asked.run("views", "create", "-f", view()).done();
        assertThat(Rf.on(database)
                        .with("RF_LENIENT", "perhaps")
                        .run("views", "list")
                        .failed(2)
                        .err())
                .contains("\"perhaps\" is neither true nor false");
    }

    @Test
    void aPreviewOfAFileIsLenientToo() throws IOException {
        Path resource = Files.writeString(folder.resolve("bad.json"), MISFITTING);
        assertThat(lenient("views", "preview", view(), "--resource", resource.toString(), "-o", "json")
                        .json()
                        .at("/rows/0/born")
                        .isNull())
                .isTrue();
    }
}
