package org.researchflow.rf.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.Failure;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.sql.Reading;

class ViewRunTest {

    private static final String VIEW = """
            {"resource": "Patient", "select": [{"column": [
              {"name": "id", "path": "id"},
              {"name": "born", "path": "birthDate.lowBoundary()", "tag": [{"name": "ansi/type", "value": "DATE"}]}]}]}""";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"resourceType\": \"Patient\", \"id\": \"a\", \"birthDate\": \"2020\"}",
                "{\"resourceType\": \"Patient\", \"id\": \"a\", \"birthDate\": \"2020\"}\n{\"resourceType\": \"Group\"}\n",
                "[{\"resourceType\": \"Patient\", \"id\": \"a\", \"birthDate\": \"2020\"}]",
                "{\"resourceType\": \"Bundle\", \"entry\": [{\"resource\":"
                        + " {\"resourceType\": \"Patient\", \"id\": \"a\", \"birthDate\": \"2020\"}}, {}]}"
            })
    void viewRunsOverWhatAFileHolds(String content) throws IOException, SQLException {
        Path file = Files.writeString(folder.resolve("resources"), content);
        try (Connection connection = TestPostgres.empty().connect()) {
            ViewRun run = ViewRun.of("v.json", VIEW, ResourceFile.read(file, 10), 10, Reading.STRICT, connection);
            assertThat(run.rows()).hasToString("[{\"id\":\"a\",\"born\":\"2020-01-01\"}]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"t", "r", "v", "x", "resource", "key", "ROW", "select", "name"})
    void columnMayBeCalledAnything(String name) throws SQLException {
        String view = """
            {"resource": "Patient", "select": [{"forEach": "name", "column": [{"name": "%s", "path": "given"}]}]}""".formatted(name);
        String patient = "[{\"resourceType\": \"Patient\", \"id\": \"a\", \"name\": [{\"given\": [\"Anna\"]}]}]";
        try (Connection connection = TestPostgres.empty().connect()) {
            ViewRun run = ViewRun.of("v.json", view, patient, 10, Reading.STRICT, connection);
            assertThat(run.rows()).hasToString("[{\"" + name + "\":\"Anna\"}]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"today", "now", "epoch", "infinity", "tomorrow", "20200101"})
    void textThatIsNoDateIsNoDayOfTheSession(String text) throws SQLException {
        String view = """
            {"resource": "Patient", "select": [{"column": [{"name": "day", "path": "name.text",
              "tag": [{"name": "ansi/type", "value": "DATE"}]}]}]}""";
        String patient =
                "[{\"resourceType\": \"Patient\", \"id\": \"a\", \"name\": [{\"text\": \"%s\"}]}]".formatted(text);
        try (Connection connection = TestPostgres.empty().connect()) {
            assertThatThrownBy(() -> ViewRun.of("v.json", view, patient, 10, Reading.STRICT, connection))
                    .hasMessageContaining("is no date")
                    .hasMessageContaining("\"day\"");
        }
    }

    @Test
    void brokenFileIsNotQuoted() throws IOException {
        Path file = Files.writeString(folder.resolve("resources"), "{\"id\": \"a\"}\n{\"name\": Secret}");
        assertThatThrownBy(() -> ResourceFile.read(file, 10)).isInstanceOfSatisfying(Failure.class, e -> {
            assertThat(e.what()).endsWith("is not JSON");
            assertThat(e.notes().toString()).contains("line 2").doesNotContain("Secret");
        });
        assertThatThrownBy(() -> ResourceFile.read(folder.resolve("none"), 10)).hasMessageContaining("cannot read");
    }
}
