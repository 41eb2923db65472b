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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;

/** {@code --server-base-url}: absolute references to the server's own resources are keys. */
class ServerBaseUrlTest {

    /** HAPI keeps one absolute reference to itself and one to elsewhere. */
    private static final String ABSOLUTE = """
            {"resourceType": "ViewDefinition", "name": "absolute", "resource": "Condition", "status": "active",
             "select": [{"column": [{"name": "patient_id", "path": "subject.getReferenceKey(Patient)"},
                                    {"name": "any_id", "path": "subject.getReferenceKey()"},
                                    {"name": "reference", "path": "subject.reference"}]}],
             "where": [{"path": "subject.reference.startsWith('http')"}]}
            """;

    @TempDir
    private Path folder;

    private TestDatabase database;

    @BeforeEach
    void copy() {
        database = TestPostgres.hapi880();
    }

    @AfterEach
    void drop() throws SQLException {
        database.close();
    }

    private Ended rf(String... command) {
        return Rf.on(database).run(command);
    }

    private String view() throws IOException {
        return Files.writeString(folder.resolve("absolute.json"), ABSOLUTE).toString();
    }

    private static List<String> keys(Ended ended) {
        List<String> keys = new ArrayList<>();
        for (JsonNode row : ended.json().get("rows")) {
            keys.add(row.get("reference").asText() + " " + row.get("patient_id").asText() + " "
                    + row.get("any_id").asText());
        }
        return keys.stream().sorted().toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1:8095/fhir", "http://127.0.0.1:8095/fhir/"})
    void aReferenceBelowItIsAKeyAndOneToElsewhereIsNot(String base) throws IOException {
        rf("views", "create", "-f", view(), "--server-base-url", base).done();
        for (String runner : List.of("materialized", "postgres")) {
            assertThat(keys(rf(
                            "query",
                            "--view",
                            "absolute",
                            "--runner",
                            runner,
                            "--server-base-url",
                            base,
                            "-o",
                            "json")))
                    .containsExactly(
                            "http://127.0.0.1:8095/fhir/Patient/my-id-1 my-id-1 my-id-1",
                            "http://example.org/fhir/Patient/ext-1 null null");
        }
    }

    @Test
    void withoutItNoAbsoluteReferenceIsAKey() throws IOException {
        rf("views", "create", "-f", view()).done();
        assertThat(keys(rf("query", "--view", "absolute", "-o", "json")))
                .allMatch(row -> row.endsWith(" null null"))
                .hasSize(2);
    }

    @Test
    void anotherBaseBuildsAnew() throws IOException {
        rf("views", "create", "-f", view()).done();
        JsonNode refreshed = Rf.on(database)
                .with("RF_SERVER_BASE_URL", "http://127.0.0.1:8095/fhir")
                .run("views", "refresh", "absolute", "-o", "json")
                .json()
                .at("/results/absolute");
        assertThat(refreshed.get("because").asText()).isEqualTo("the settings changed");
    }

    @Test
    void loadedResourcesHaveOneToo() throws IOException {
        Path file = Files.writeString(folder.resolve("all.ndjson"), """
                {"resourceType":"Condition","id":"a","subject":{"reference":"https://here/fhir/Patient/a"}}
                {"resourceType":"Condition","id":"b","subject":{"reference":"https://there/fhir/Patient/b"}}
                """);
        rf("load", file.toString()).done();
        List<String> options = List.of("--source", "resources", "--server-base-url", "https://here/fhir");
        List<String> create = Stream.concat(Stream.of("views", "create", "-f", view()), options.stream())
                .toList();
        rf(create.toArray(String[]::new)).done();
        List<String> query = Stream.concat(Stream.of("query", "--view", "absolute", "-o", "json"), options.stream())
                .toList();
        assertThat(keys(rf(query.toArray(String[]::new))))
                .containsExactly("https://here/fhir/Patient/a a a", "https://there/fhir/Patient/b null null");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"fhir.example.org/fhir", "ftp://fhir.example.org", "https://ada:canary@h/fhir", "https://h/?a"})
    void whatIsNoBaseUrlIsRefusedUnquoted(String url) {
        assertThat(rf("views", "list", "--server-base-url", url).failed(2).err())
                .contains("the server's base URL is not an absolute URL", "from: --server-base-url")
                .doesNotContain("canary");
    }
}
