package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** Data that makes a view's SQL fail outside of a build: the view, the column and the place are named, no value. */
class FailingColumnTest {

    private static final String VIEW = """
            {"resourceType": "ViewDefinition", "name": "people", "resource": "Patient", "status": "active",
             "select": [{"column": [{"name": "id", "path": "getResourceKey()"},
                                    {"name": "family", "path": "name.family"},
                                    {"name": "house", "path": "address.first().line.first()",
                                     "tag": [{"name": "ansi/type", "value": "INTEGER"}]}]}]}
            """;

    private static final String GOOD = "{\"resourceType\":\"Patient\",\"id\":\"a\",\"address\":[{\"line\":[\"1\"]}]}";
    private static final String MISFIT = GOOD.replace("\"1\"", "\"canary\"").replace("\"a\"", "\"b\"");
    private static final String TWO =
            "{\"resourceType\":\"Patient\",\"id\":\"c\",\"name\":[{\"family\":\"canary\"},{\"family\":\"canary2\"}]}";

    private static final String MISFIT_IN_WORDS =
            "rf: column \"house\" of people: invalid input syntax for type integer: \"…\" (SQLSTATE 22P02)\n";

    @TempDir
    private Path folder;

    private TestDatabase database;

    @BeforeEach
    void create() {
        database = TestPostgres.empty();
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Ended run(String... command) {
        Ended ended = Rf.on(database).run(command);
        assertThat(ended.out() + ended.err()).doesNotContain("canary");
        return ended;
    }

    private String file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content).toString();
    }

    private String preview(String content) throws IOException {
        return run("views", "preview", file("people.json", VIEW), "--resource", file("resources", content))
                .failed(1)
                .err();
    }

    @Test
    void previewOfAFileNamesTheColumnAndTheLine() throws IOException {
        assertThat(preview(String.join("\n", GOOD, GOOD, GOOD, MISFIT, GOOD)))
                .startsWith(MISFIT_IN_WORDS)
                .contains(folder.resolve("resources") + ", line 4");
    }

    @Test
    void previewOfABundleNamesTheEntry() throws IOException {
        assertThat(preview("{\"resourceType\":\"Bundle\",\"entry\":[{\"resource\":" + GOOD + "},{},{\"resource\":"
                        + MISFIT + "}]}"))
                .startsWith(MISFIT_IN_WORDS)
                .contains(folder.resolve("resources") + ", line 1, entry 3");
    }

    @Test
    void aBrokenRuleOfTheSpecificationHasItsPlaceToo() throws IOException {
        assertThat(preview(GOOD + "\n\n" + TWO))
                .startsWith("rf: Multiple values found but not expected for column \"family\" of people\n")
                .contains(folder.resolve("resources") + ", line 3");
    }

    @Test
    void previewOfTheDatabaseNamesTheColumn() throws IOException {
        run("load", file("all.ndjson", GOOD + "\n" + MISFIT)).done();
        assertThat(run("views", "preview", file("people.json", VIEW)).failed(1).err())
                .startsWith(MISFIT_IN_WORDS);
    }

    @ParameterizedTest
    @CsvSource({"postgres", "hybrid"})
    void rowsComputedOnTheFlyNameTheColumn(String runner) throws IOException {
        run("load", file("all.ndjson", GOOD)).done();
        run("views", "create", "-f", file("people.json", VIEW)).done();
        run("load", file("more.ndjson", MISFIT)).done();
        // Other settings, so that hybrid computes, too.
        assertThat(run(
                                "query",
                                "--view",
                                "people",
                                "--runner",
                                runner,
                                "--server-base-url",
                                "https://here",
                                "-o",
                                "json")
                        .failed(1)
                        .err())
                .contains("column \\\"house\\\" of people: invalid input syntax for type integer");
    }
}
