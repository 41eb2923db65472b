package org.researchflow.rf.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.view.ViewReader;

/**
 * The folders of {@code golden/}: a view, resources, and what came of them when somebody last looked, the SQL and its
 * rows. With the system property {@code rf.golden=write} the expectations are written anew.
 */
@Tag("golden")
class GoldenTest {

    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final boolean WRITE = "write".equals(System.getProperty("rf.golden"));

    private static Connection connection;

    @BeforeAll
    static void connect() throws SQLException {
        connection = TestPostgres.empty().connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("create table resource (type text, key text, version bigint, resource jsonb)");
        }
    }

    @AfterAll
    static void close() throws SQLException {
        connection.close();
    }

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        List<Path> folders;
        try (Stream<Path> list = Files.list(FOLDER)) {
            folders = list.filter(Files::isDirectory).sorted().toList();
        }
        assertThat(folders).hasSizeGreaterThan(10);
        return folders.stream()
                .map(folder -> DynamicTest.dynamicTest(
                        String.valueOf(folder.getFileName()), folder.toUri(), () -> check(folder)));
    }

    private static void check(Path folder) throws IOException, SQLException {
        ViewPlan plan =
                ViewCompiler.compile(ViewReader.read("view.json", Files.readString(folder.resolve("view.json"))));
        String type = plan.resourceType();
        String sql = ViewSql.rows(
                        plan,
                        new ResourceRelation(String.format(
                                Locale.ROOT, "select key, version, resource%nfrom resource%nwhere type = '%s'", type)))
                .text();
        load(folder.resolve("resources.ndjson"));
        agree(folder.resolve("expected.sql"), sql + "\n");
        agree(folder.resolve("expected.rows.json"), rows(sql));
    }

    private static void agree(Path file, String actual) throws IOException {
        if (WRITE) {
            Files.writeString(file, actual);
        } else {
            assertThat(actual).isEqualTo(Files.readString(file));
        }
    }

    private static void load(Path ndjson) throws IOException, SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("truncate resource");
        }
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into resource select r->>'resourceType', r->>'id', 1, r from (select ?::jsonb as r) as x")) {
            for (String line : Files.readAllLines(ndjson)) {
                insert.setString(1, line);
                insert.execute();
            }
        }
    }

    /** The rows sorted, one a line: their order means nothing. */
    private static String rows(String sql) throws SQLException, IOException {
        ArrayNode rows = CompiledRows.JSON.createArrayNode();
        try (Statement statement = connection.createStatement()) {
            statement.execute("set time zone 'UTC'");
            try (ResultSet result = statement.executeQuery("select row_to_json(t) from (" + sql + ") t")) {
                while (result.next()) {
                    rows.add(CompiledRows.JSON.readTree(result.getString(1)));
                }
            }
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode row : stream(rows)) {
            text.append(text.isEmpty() ? "[" : ",\n ").append(row);
        }
        return text.append(text.isEmpty() ? "[]\n" : "]\n").toString();
    }

    private static List<JsonNode> stream(ArrayNode rows) {
        return rows.valueStream()
                .sorted(Comparator.comparing(JsonNode::toString))
                .toList();
    }
}
