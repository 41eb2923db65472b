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
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;

/** What is below what is loaded from files, and {@code <<CODE} means all of it. */
class TerminologyTest {

    private static TestDatabase database;

    @TempDir
    static Path folder;

    @BeforeAll
    static void create() throws SQLException, IOException {
        database = Hapi.withViews();
        assertThat(rf("query", "--code", "<<snomed|73211009").failed(2).err())
                .contains("no hierarchy of codes is loaded", "rf terminology load FILE");
        assertThat(rf("terminology", "list").lines()).last().isEqualTo("0 code systems");
        // Diabetes and prediabetes are below a disorder of glucose, hypertension is beside; 1 is what nobody has.
        Path file = Files.writeString(folder.resolve("some.csv"), """
                child,parent
                73211009,126877002
                44054006,73211009
                15777000,126877002
                "59621000" , "64572001"
                126877002,64572001
                1,64572001
                1,126877002
                """);
        assertThat(rf("terminology", "load", file.toString(), "--system", "snomed")
                        .lines())
                .containsExactly("http://snomed.info/sct added: 7 codes, 7 links");
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private static Ended rf(String... args) {
        return Rf.on(database).run(args);
    }

    private static JsonNode query(String... criteria) {
        List<String> args = new ArrayList<>(List.of("query", "-o", "json"));
        args.addAll(List.of(criteria));
        return rf(args.toArray(String[]::new)).json();
    }

    private static long count(String... criteria) {
        return query(criteria).get("count").asLong();
    }

    @ParameterizedTest
    @ValueSource(strings = {"materialized", "postgres", "hybrid"})
    void codeStandsForAllBelowIt(String runner) {
        long each = count("--code", "73211009", "--code", "44054006", "--code", "15777000");
        assertThat(each).isPositive();
        assertThat(count("--runner", runner, "--code", "<<snomed|126877002")).isEqualTo(each);
        assertThat(count("--runner", runner, "--code", "<< 126877002")).isEqualTo(each);
        assertThat(count("--runner", runner, "--code", "<126877002")).isEqualTo(each);
        assertThat(count("--runner", runner, "--code", "<73211009")).isEqualTo(count("--code", "44054006"));
        assertThat(count("--runner", runner, "--not-code", "<<126877002")).isEqualTo(count() - each);
        assertThat(count("--runner", runner, "--code", "59621000", "--and-code", "<<73211009"))
                .isEqualTo(count("--code", "59621000", "--and-code", "44054006", "--and-code", "73211009"));
    }

    @Test
    void filesAndListsHaveIt() throws IOException {
        long each = count("--code", "<<126877002");
        Path codes = Files.writeString(folder.resolve("codes.txt"), "<<snomed|126877002  # all of it\n");
        Path cohort = Files.writeString(folder.resolve("cohort.yaml"), "condition: <<126877002\n");
        assertThat(count("--codes-file", codes.toString())).isEqualTo(each);
        assertThat(count("-f", cohort.toString())).isEqualTo(each);
        assertThat(query("--code", "<<126877002", "--ids").get("ids")).hasSize((int) each);
        rf("query", "save", "glucose", "--code", "<<snomed|126877002").done();
        assertThat(rf("query", "run", "glucose", "-o", "json")
                        .json()
                        .get("count")
                        .asLong())
                .isEqualTo(each);
        assertThat(query("--code", "<<126877002", "--by", "code").get("cells").size())
                .isPositive();
    }

    @Test
    void explanationSaysHowManyCodesAreMeant() {
        Ended told = rf("query", "--code", "<<126877002", "--explain").done();
        assertThat(told.out())
                .contains(
                        "condition <<126877002",
                        "from code_hierarchy: <<126877002 = 5 codes of http://snomed.info/sct");
    }

    @Test
    void whatNobodyHasIsAWarning() {
        assertThat(query("--code", "<<1").get("warnings").toString()).contains("no condition carries one of <<1");
        assertThat(query("--code", "<44054006").get("warnings").toString())
                .contains("no condition carries one of <44054006");
        assertThat(query("--code", "<<126877002").get("warnings")).isEmpty();
    }

    @Test
    void smallNumbersAreNotToldOfWhatIsBelowEither() {
        int least = 1000;
        for (String more : List.of("--explain", "--count-by-view", "--by=gender", "--ids", "--rows")) {
            Ended told = rf("query", "--code", "<<126877002", "--min-cell", String.valueOf(least), more)
                    .done();
            long few = count("--code", "<<126877002");
            assertThat((told.out() + told.err()).replaceAll("[^0-9]+", " ")).doesNotContain(" " + few + " ");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '/',
            quoteCharacter = '^',
            value = {
                "<<snomed|73211008 / its SNOMED check digit is wrong",
                "<<snomed|73211008 / did you mean:  <<http:",
                "<<icd10|E11 / no hierarchy of the code system http:",
                "<<' or 1=1 -- / is not in the loaded hierarchy of http:",
                "<< / not a code",
                "<snomed| / not a code"
            })
    void unknownCodeIsAnError(String code, String error) {
        assertThat(rf("query", "--code", code).failed(2).err()).contains(error);
    }

    @Test
    void codeOfSeveralSystemsMustNameOne() throws IOException {
        Path file = Files.writeString(folder.resolve("other.csv"), "44054006,x\n");
        rf("terminology", "load", file.toString(), "--system", "http://example.org/codes")
                .done();
        assertThat(rf("query", "--code", "<<44054006").failed(2).err())
                .contains("several loaded hierarchies have the code 44054006", "http://example.org/codes");
        assertThat(count("--code", "<<snomed|44054006")).isPositive();
        rf("terminology", "drop", "http://example.org/codes", "--yes").done();
        assertThat(rf("terminology", "drop", "http://example.org/codes", "--yes")
                        .failed(2)
                        .err())
                .contains("no hierarchy of the code system http://example.org/codes is loaded");
        assertThat(rf("terminology", "drop", "snomed").failed(2).err()).contains("--yes");
    }

    @Test
    void codeSystemsAreReadInAllTheirWays() throws IOException {
        Path file = folder.resolve("system.json.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("""
                    {"resourceType": "CodeSystem", "concept": [
                       {"code": "a", "display": "A", "concept": [{"code": "b"}, {"code": "c", "concept": [{"code": "d"}]}]},
                       {"property": [{"code": "parent", "valueCode": "d"}, {"code": "other", "valueCode": "z"}], "code": "e"},
                       {"code": "f", "property": [{"code": "subsumedBy", "valueCode": "e"}]},
                       {"code": "g", "property": [{"code": "child", "valueCode": "f"}, {"code": "x", "valueBoolean": true}]}],
                     "version": "7", "url": "http://example.org/letters"}
                    """.getBytes(StandardCharsets.UTF_8));
        }
        JsonNode loaded =
                rf("terminology", "load", file.toString(), "-o", "json").json();
        assertThat(loaded.get("codes").asInt()).isEqualTo(7);
        assertThat(loaded.get("links").asInt()).isEqualTo(6);
        assertThat(rf("terminology", "load", file.toString()).lines())
                .containsExactly("http://example.org/letters unchanged: 7 codes, 6 links");
        assertThat(rf("query", "--code", "<<http://example.org/letters|a", "--explain")
                        .done()
                        .out())
                .contains("= 6 codes");
        Path less = Files.writeString(folder.resolve("less.json"), """
                {"resourceType": "CodeSystem", "url": "http://example.org/letters", "concept": [{"code": "a"}]}
                """);
        assertThat(rf("terminology", "load", less.toString()).lines())
                .containsExactly("http://example.org/letters replaced: 1 codes, 0 links");
        assertThat(rf("terminology", "list", "-o", "json").json().toString())
                .contains("http://example.org/letters", "http://snomed.info/sct");
        rf("terminology", "drop", "http://example.org/letters", "--yes").done();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '^',
            value = {
                "a,b\\nb,c\\nc,a\\nd,a ! is below itself ! a is below b is below c is below a",
                "a,a ! is below itself ! a is below a",
                "a,b,c ! not two columns, at ! :1",
                "Parent,child\\na,b ! the parents stand in front in ! child,parent",
                "x,y\\n,b ! no code, at ! :2",
                "\\n ! no code in ! child,parent",
                "{\"resourceType\": \"CodeSystem\", ! not JSON, at ! expected a CodeSystem",
                "{\"resourceType\": \"ValueSet\", \"url\": \"x\"} ! is no CodeSystem ! url",
                "{\"resourceType\": \"CodeSystem\", \"url\": \"x\", \"content\": \"not-present\"} ! no code in ! not-present",
                "{\"resourceType\": \"CodeSystem\", \"url\": \"x\", \"hierarchyMeaning\": \"part-of\"} ! no kind of it ! part-of",
                "{\"resourceType\": \"CodeSystem\", \"url\": \"x\", \"concept\": [{\"display\": \"\"}]} ! without a code ! :1:",
                "{\"resourceType\": \"CodeSystem\", \"url\": \"x\", \"concept\": [{\"code\": \"a\"}, {\"code\": \"a\"}]} ! there twice ! a",
                "{\"resourceType\": \"CodeSystem\", \"url\": \"x\", \"concept\": [{\"code\": \"a\\u0000\"}]} ! a text with the character ! :1:"
            })
    void brokenFilesAreReportedAndNothingIsLoaded(String content, String error, String detail) throws IOException {
        Path file = Files.writeString(folder.resolve("broken"), content.replace("\\n", "\n"));
        List<String> args = new ArrayList<>(List.of("terminology", "load", file.toString()));
        if (!content.startsWith("{")) {
            assertThat(rf(args.toArray(String[]::new)).failed(2).err()).contains("--system");
            args.addAll(List.of("--system", "http://example.org/broken"));
        }
        assertThat(rf(args.toArray(String[]::new)).failed(2).err()).contains(error, detail);
        assertThat(rf("terminology", "list").done().out()).doesNotContain("broken", " x ");
    }

    /** Codes and systems are texts, whatever stands in them. */
    @Test
    void textsAreNeverSql() throws IOException, SQLException {
        String drop = "'; drop schema sqlonfhir cascade; --";
        Path file = Files.writeString(folder.resolve("texts.csv"), "\"" + drop + "\",%\n%,\"a' or 1=1\"\n");
        String system = "urn:x:" + drop;
        rf("terminology", "load", file.toString(), "--system", system).done();
        for (String code : List.of(drop, "%", "a' or 1=1")) {
            assertThat(count("--code", "<<" + code)).isZero();
            assertThat(count("--code", "<<" + system + "|" + code)).isZero();
        }
        assertThat(count("--not-code", "<<%")).isEqualTo(count());
        rf("terminology", "drop", system, "--yes").done();
        assertThat(database.count("select count(*) from sqlonfhir.code_hierarchy"))
                .isPositive();
    }

    @Test
    void filesThatCannotBeReadAreErrors() throws IOException {
        assertThat(rf("terminology", "load", "none.csv", "--system", "icd10")
                        .failed(2)
                        .err())
                .contains("no file none.csv");
        Path latin = Files.write(folder.resolve("latin.csv"), "ä,b\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(rf("terminology", "load", latin.toString(), "--system", "icd10")
                        .failed(2)
                        .err())
                .contains("is not UTF-8");
        assertThat(rf("terminology", "load", latin.toString(), "--system", "snomd")
                        .failed(2)
                        .err())
                .contains("did you mean:  snomed|");
    }
}
