package org.researchflow.rf.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
import org.junit.jupiter.api.TestFactory;
import org.researchflow.rf.TestPostgres;

/** FHIRPath expressions and what they give for a resource: the files {@code fhirpath/*.cases}, on a real PostgreSQL. */
class FhirPathCasesTest {

    private static final Path FOLDER = Path.of("src/test/resources/fhirpath");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        connection = TestPostgres.empty().connect();
        HostileSession.set(connection);
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @TestFactory
    Stream<DynamicNode> cases() throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(FOLDER)) {
            files = list.filter(file -> file.toString().endsWith(".cases"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(5);
        return files.stream().map(FhirPathCasesTest::file);
    }

    private static DynamicNode file(Path path) {
        try {
            List<String> lines = Files.readAllLines(path);
            String resource = lines.stream()
                    .filter(line -> line.startsWith("resource "))
                    .findFirst()
                    .orElseThrow()
                    .substring("resource ".length());
            return DynamicContainer.dynamicContainer(
                    String.valueOf(path.getFileName()),
                    lines.stream()
                            .filter(line -> line.contains("=> "))
                            .map(line -> line.split(" +=> ", 2))
                            .map(parts -> DynamicTest.dynamicTest(
                                    parts[0], path.toUri(), () -> check(resource, parts[0], parts[1].strip()))));
        } catch (IOException e) {
            throw new IllegalStateException(path.toString(), e);
        }
    }

    private static void check(String resource, String expression, String expected) throws IOException, SQLException {
        String json = Files.readString(FOLDER.resolve(resource + ".json"));
        ObjectNode view = JSON.createObjectNode().put("resource", resource);
        view.withArray("select")
                .addObject()
                .withArray("column")
                .addObject()
                .put("name", "v")
                .put("path", expression)
                .put("collection", true);
        if (expected.startsWith("error")) {
            Throwable error =
                    catchThrowable(() -> CompiledRows.of(view.toPrettyString(), "[" + json + "]", connection));
            assertThat(error).isNotNull();
            assertThat(error.getMessage())
                    .contains(expected.substring("error".length()).strip());
            return;
        }
        CompiledRows rows = CompiledRows.of(view.toPrettyString(), "[" + json + "]", connection);
        assertThat(rows.rows()).as(rows.sql()).hasSize(1);
        assertThat(rows.rows().getFirst().get("v")).as(rows.sql()).isEqualTo(JSON.readTree(expected));
    }
}
