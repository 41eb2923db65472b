package org.researchflow.rf.sql;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.researchflow.rf.fhir.ElementTable;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.view.ViewReader;

/**
 * What PostgreSQL makes of a view over some resources.
 *
 * @param sql the query that ran
 * @param rows its rows, a member for each column
 */
record CompiledRows(ViewPlan plan, String sql, List<JsonNode> rows) {

    static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** Runs a view over those of the resources, a JSON array, that are of its type. */
    static CompiledRows of(String view, String resources, Connection connection) throws SQLException, IOException {
        ViewPlan plan =
                ViewCompiler.compile(ViewReader.read("case.json", view, "case"), ElementTable.of(FhirVersion.R4));
        String relation = String.format(
                Locale.ROOT,
                "select x->>'id' as key, 1::bigint as version, x as resource%nfrom jsonb_array_elements(%s::jsonb) as x"
                        + "%nwhere x->>'resourceType' = %s%noffset 0",
                Identifiers.literal(resources),
                Identifiers.literal(plan.resourceType()));
        String sql = ViewSql.rows(plan, new ResourceRelation(relation)).text();
        List<JsonNode> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("select row_to_json(_row) from (\n" + sql + "\n) as _row")) {
            while (result.next()) {
                rows.add(JSON.readTree(result.getString(1)));
            }
        } catch (SQLException e) {
            throw new SQLException(e.getMessage() + "\n" + sql, e);
        }
        return new CompiledRows(plan, sql, rows);
    }
}
