package org.researchflow.rf.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.Failure;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.conformance.Verdict.Passed;

/** The cases of the SQL-on-FHIR suite, on a real PostgreSQL, and how they are judged. */
class SuiteTest {

    private static Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        connection = TestPostgres.empty().connect();
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @TestFactory
    Stream<DynamicNode> suite() {
        List<SuiteFile> files = SuiteFile.readAll(Path.of("src/test/resources/sql-on-fhir"));
        assertThat(files).hasSizeGreaterThan(15);
        return files.stream()
                .map(file -> DynamicContainer.dynamicContainer(
                        file.name(),
                        file.cases().stream()
                                .map(test -> DynamicTest.dynamicTest(
                                        test.title(),
                                        () -> assertThat(Conformance.run(test, file, connection))
                                                .isInstanceOf(Passed.class)))));
    }

    @Test
    void reportNamesWhatFailedAndShowsBothSides(@TempDir Path folder) throws IOException {
        Report report = run(folder, """
                {"title": "right", "view": VIEW, "expect": [{"id": "a"}]},
                {"title": "wrong", "view": VIEW, "expect": [{"id": "b"}]},
                {"title": "no error", "view": VIEW, "expectError": true}""");
        assertThat(report.passed()).isEqualTo(1);
        assertThat(report.cases()).isEqualTo(3);
        assertThat(report.summary())
                .containsExactly(
                        "1 of 3  x.json",
                        "    wrong: other rows than expected",
                        "    no error: expected an error, found 1 rows");
        JsonNode tests = SuiteFile.JSON.readTree(report.json()).at("/x.json/tests");
        assertThat(tests.at("/0/result/passed").asBoolean()).isTrue();
        assertThat(tests.at("/1/result/details/expected/0/id").asText()).isEqualTo("b");
        assertThat(tests.at("/1/result/details/actual/0/id").asText()).isEqualTo("a");
    }

    @Test
    void errorOfTheWrongKindDoesNotPass(@TempDir Path folder) throws IOException {
        Report report = run(folder, """
                {"title": "refused", "expectError": true,
                 "view": {"resource": "Patient", "select": [{"column": [{"name": "x", "path": "now()"}]}]}}""");
        assertThat(report.passed()).isZero();
        assertThat(report.summary().get(1)).contains("an error of the wrong kind: now() is not supported");
    }

    @Test
    void folderWithoutSuiteIsAnErrorOfUse(@TempDir Path folder) throws IOException {
        assertThatThrownBy(() -> SuiteFile.readAll(folder))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("no .json");
        Files.writeString(folder.resolve("x.json"), "{\"a\": 1}");
        assertThatThrownBy(() -> SuiteFile.readAll(folder)).hasMessageContaining("is not a file of the suite");
        Files.writeString(folder.resolve("x.json"), "{");
        assertThatThrownBy(() -> SuiteFile.readAll(folder)).hasMessageContaining("is not JSON");
    }

    private static Report run(Path folder, String tests) throws IOException {
        String view = "{\"resource\": \"Patient\", \"select\": [{\"column\": [{\"name\": \"id\", \"path\": \"id\"}]}]}";
        Files.writeString(
                folder.resolve("x.json"),
                "{\"title\": \"x\", \"resources\": [{\"resourceType\": \"Patient\", \"id\": \"a\"}], \"tests\": ["
                        + tests.replace("VIEW", view) + "]}");
        return Conformance.run(SuiteFile.readAll(folder), connection);
    }
}
