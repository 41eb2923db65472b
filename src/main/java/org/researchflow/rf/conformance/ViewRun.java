package org.researchflow.rf.conformance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.db.FailingColumn;
import org.researchflow.rf.db.InputChecks;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Reading;
import org.researchflow.rf.sql.ResourceRelation;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.ViewReader;

/**
 * A view that was run over resources given as JSON: nothing needs to be stored for it.
 *
 * @param sql the query that ran
 * @param columns the view's columns in order
 * @param rows its rows, with values as FHIR's JSON has them
 */
public record ViewRun(String sql, List<Column> columns, List<JsonNode> rows) {

    public ViewRun {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * Runs a view.
     *
     * @param file how messages call the view's file
     * @param view the ViewDefinition's text; it need not have a name
     * @param resources a JSON array; those of other types are left out
     * @param limit how many rows at most
     * @param reading how the resources are read
     * @throws org.researchflow.rf.Failure if the view cannot be compiled
     * @throws SQLException if a resource breaks the view's rules
     */
    public static ViewRun of(
            String file, String view, String resources, int limit, Reading reading, Connection connection)
            throws SQLException {
        ViewPlan plan = reading.of(ViewCompiler.compile(ViewReader.read(file, view, "unnamed")));
        if (plan.lenient()) {
            InputChecks.require(connection);
        }
        String sql = rows(plan, resources, reading);
        List<JsonNode> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("select row_to_json(t) from (\n" + sql + "\n) t limit " + limit)) {
            while (result.next()) {
                rows.add(fhir(parsed(result.getString(1)), plan.columns()));
            }
        }
        return new ViewRun(sql, plan.columns(), rows);
    }

    /**
     * Runs a view over a file.
     *
     * @throws Failure if the view cannot be compiled, or a resource breaks its rules: the column and the resource's
     *     place in the file, no value
     */
    public static ViewRun of(
            String file, String view, ResourceFile resources, int limit, Reading reading, Connection connection)
            throws SQLException {
        try {
            return of(file, view, resources.json(), limit, reading, connection);
        } catch (SQLException e) {
            DataError error = DataError.require(e);
            ViewPlan plan = reading.of(ViewCompiler.compile(ViewReader.read(file, view, "unnamed")));
            int first = firstFailing(plan, resources, reading, connection);
            Optional<String> column = new FailingColumn(
                            connection, plan, some -> rows(some, resources.json(first, first + 1), reading))
                    .find();
            throw Failure.failed(error.about(plan.name(), column))
                    .note("at", resources.path() + ", " + resources.places().get(first));
        }
    }

    /** Halves what holds it until one resource is left. */
    private static int firstFailing(ViewPlan plan, ResourceFile resources, Reading reading, Connection connection)
            throws SQLException {
        int from = 0;
        int to = resources.resources().size();
        while (to - from > 1) {
            int middle = (from + to) / 2;
            String rows = rows(plan, resources.json(from, middle), reading);
            if (FailingColumn.works(connection, "select max(r::text) from (" + rows + ") r")) {
                from = middle;
            } else {
                to = middle;
            }
        }
        return from;
    }

    private static String rows(ViewPlan plan, String resources, Reading reading) {
        return ViewSql.rows(plan, relation(plan.resourceType(), resources, reading))
                .text();
    }

    private static ResourceRelation relation(String type, String resources, Reading reading) {
        return new ResourceRelation(
                String.format(Locale.ROOT, """
                select x->>'id' as key, 1::bigint as version, x as resource
                from jsonb_array_elements(%s::jsonb) as x
                where x->>'resourceType' = %s
                offset '0'""", Identifiers.literal(resources), Identifiers.literal(type)),
                false,
                reading.serverBase());
    }

    private static JsonNode parsed(String json) {
        try {
            return SuiteFile.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL wrote what is not JSON", e);
        }
    }

    /** Decimals are stored as text, to keep their digits, and binary as bytes; FHIR's JSON has numbers and base64. */
    private static ObjectNode fhir(JsonNode row, List<Column> columns) {
        ObjectNode typed = JsonNodeFactory.instance.objectNode();
        for (Column column : columns) {
            JsonNode value = row.get(column.name());
            if (value.isArray() && column.collection()) {
                ArrayNode items = typed.putArray(column.name());
                value.forEach(item -> items.add(fhir(item, column.fhirType())));
            } else {
                typed.set(column.name(), fhir(value, column.fhirType()));
            }
        }
        return typed;
    }

    private static JsonNode fhir(JsonNode value, String type) {
        if (!value.isTextual()) {
            return value;
        }
        String text = value.asText();
        return switch (type) {
            case "decimal" -> JsonNodeFactory.instance.numberNode(new BigDecimal(text));
            case "base64Binary" ->
                text.startsWith("\\x")
                        ? JsonNodeFactory.instance.textNode(Base64.getEncoder()
                                .encodeToString(HexFormat.of().parseHex(text.substring(2))))
                        : value;
            default -> value;
        };
    }
}
