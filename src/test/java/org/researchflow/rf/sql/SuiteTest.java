package org.researchflow.rf.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.researchflow.rf.Failure;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.fhir.ElementTable;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.view.ViewReader;

/** The cases of the SQL-on-FHIR suite, on a real PostgreSQL. */
class SuiteTest {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

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
    Stream<DynamicNode> suite() throws IOException {
        Path folder = Path.of("src/test/resources/sql-on-fhir");
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files = list.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
        assertThat(files).hasSizeGreaterThan(15);
        return files.stream().map(SuiteTest::file);
    }

    private static DynamicNode file(Path path) {
        try {
            JsonNode suite = JSON.readTree(Files.readString(path));
            return DynamicContainer.dynamicContainer(
                    String.valueOf(path.getFileName()),
                    StreamSupport.stream(suite.get("tests").spliterator(), false)
                            .map(test -> DynamicTest.dynamicTest(
                                    test.get("title").asText(), () -> run(suite.get("resources"), test))));
        } catch (IOException e) {
            throw new IllegalStateException(path.toString(), e);
        }
    }

    private static void run(JsonNode resources, JsonNode test) throws SQLException, IOException {
        if (test.has("expectError")) {
            assertThatThrownBy(() -> rows(resources, test.get("view")))
                    .satisfiesAnyOf(
                            e -> assertThat(e).isInstanceOf(Failure.class),
                            e -> assertThat(Raised.in(Objects.requireNonNull(e.getMessage())))
                                    .isPresent());
            return;
        }
        List<JsonNode> rows = rows(resources, test.get("view"));
        if (test.has("expectCount")) {
            assertThat(rows).hasSize(test.get("expectCount").asInt());
        }
        if (test.has("expectColumns")) {
            assertThat(rows.getFirst().properties().stream()
                            .map(Map.Entry::getKey)
                            .toList())
                    .isEqualTo(texts(test.get("expectColumns")));
        }
        if (test.has("expect")) {
            assertThat(rows.stream().map(SuiteTest::canonical).toList())
                    .containsExactlyInAnyOrderElementsOf(
                            StreamSupport.stream(test.get("expect").spliterator(), false)
                                    .map(SuiteTest::canonical)
                                    .toList());
        }
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static List<JsonNode> rows(JsonNode resources, JsonNode view) throws SQLException, IOException {
        ViewPlan plan = ViewCompiler.compile(
                ViewReader.read("case.json", view.toPrettyString(), "case"), ElementTable.of(FhirVersion.R4));
        String relation = String.format(
                Locale.ROOT,
                "select x->>'id' as key, 1::bigint as version, x as resource%nfrom jsonb_array_elements(%s::jsonb) as x"
                        + "%nwhere x->>'resourceType' = %s%noffset 0",
                Identifiers.literal(resources.toString()),
                Identifiers.literal(plan.resourceType()));
        String sql = ViewSql.rows(plan, new ResourceRelation(relation)).text();
        List<JsonNode> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select row_to_json(t) from (\n" + sql + "\n) t")) {
            while (result.next()) {
                rows.add(typed(JSON.readTree(result.getString(1)), plan.columns()));
            }
        } catch (SQLException e) {
            throw new SQLException(e.getMessage() + "\n" + sql, e);
        }
        return rows;
    }

    /** Decimals are stored as text, with their digits; the suite writes them as numbers. */
    private static JsonNode typed(JsonNode row, List<Column> columns) {
        ObjectNode typed = JsonNodeFactory.instance.objectNode();
        for (Column column : columns) {
            JsonNode value = row.get(column.name());
            boolean number = column.fhirType().equals("decimal") && value.isTextual();
            typed.set(
                    column.name(),
                    number ? JsonNodeFactory.instance.numberNode(new BigDecimal(value.asText())) : value);
        }
        return typed;
    }

    /** Rows are equal when their columns are, whatever the order; numbers when their values are. */
    private static String canonical(JsonNode row) {
        TreeMap<String, String> members = new TreeMap<>();
        row.properties()
                .forEach(e -> members.put(
                        e.getKey(),
                        e.getValue().isNumber()
                                ? e.getValue()
                                        .decimalValue()
                                        .stripTrailingZeros()
                                        .toPlainString()
                                : e.getValue().toString()));
        return members.toString();
    }
}
