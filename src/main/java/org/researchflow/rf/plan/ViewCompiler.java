package org.researchflow.rf.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.ElementTable;
import org.researchflow.rf.view.ViewDefinition;

/** Stands in for the compiler until it is merged: plain paths of single elements only. */
public final class ViewCompiler {
    private static final Map<String, String> TYPES = Map.of("date", "date", "boolean", "boolean", "integer", "integer");

    private ViewCompiler() {}

    public static ViewPlan compile(ViewDefinition view, ElementTable table) {
        try {
            List<Column> columns = new ArrayList<>();
            for (JsonNode column :
                    JsonMapper.builder().build().readTree(view.json()).at("/select/0/column")) {
                String type = column.path("type").asText("string");
                columns.add(new Column(
                        column.path("name").asText(),
                        type,
                        false,
                        column.at("/tag/0/value")
                                .asText(TYPES.getOrDefault(type, "character varying"))
                                .toLowerCase(Locale.ROOT),
                        Optional.ofNullable(column.get("description")).map(JsonNode::asText),
                        Optional.of(view.resource() + '.' + column.path("path").asText())));
            }
            return new ViewPlan(
                    view.name(), view.resource(), columns, true, view.json().contains("\"meta"));
        } catch (JsonProcessingException e) {
            throw Failure.usage("not JSON: " + view.name()).causedBy(e);
        }
    }
}
