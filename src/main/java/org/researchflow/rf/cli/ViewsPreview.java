package org.researchflow.rf.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.conformance.ResourceFile;
import org.researchflow.rf.conformance.ViewRun;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.view.Definitions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views preview}. */
@Command(
        description = {
            "Shows the first rows of a ViewDefinition, without creating the view.",
            "The rows come from the resources in the database, or from those in a file."
        },
        footer = {"rf views preview my_view.json", "rf views preview my_view.json --resource Patient.ndjson -n 3"})
final class ViewsPreview implements Action {

    /** More resources than anybody looks at; a preview need not read a whole export. */
    private static final int MOST_RESOURCES = 10_000;

    @Parameters(paramLabel = "FILE", description = "A ViewDefinition in JSON.")
    private @Nullable Path file;

    @Option(
            names = "--resource",
            paramLabel = "FILE",
            description = "Resources: one in JSON, a Bundle, an array, or NDJSON.")
    private @Nullable Path resources;

    @Option(names = "-n", paramLabel = "N", description = "How many rows (default: 10).")
    private int rows = 10;

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        if (rows < 0) {
            throw Failure.usage("-n must not be negative");
        }
        Path view = Optional.ofNullable(file).orElseThrow();
        String text = ViewsCreate.text(view);
        if (Definitions.isSql(view.toString(), text)) {
            throw Failure.usage(view + " is SQL, and no ViewDefinition")
                    .note("try", "rf query run " + view + "   for the rows of a file of SQL");
        }
        if (resources == null) {
            new ViewRows(rf, Workplace.of(rf).serving(RunnerName.POSTGRES), false)
                    .preview(ViewsCreate.view(view, text), rows);
        } else {
            ofFile(rf, view, text, resources);
        }
        return ExitCode.DONE;
    }

    private void ofFile(Invocation rf, Path view, String text, Path resourceFile) throws IOException, SQLException {
        Workplace workplace = Workplace.of(rf);
        ViewRun run;
        try (Connection connection = workplace.database().connect()) {
            run = ViewRun.of(
                    view.toString(),
                    text,
                    ResourceFile.read(resourceFile, MOST_RESOURCES),
                    rows,
                    workplace.settings().reading(),
                    connection);
        } catch (SQLException e) {
            throw workplace.database().failure(e);
        }
        List<Field> fields = run.columns().stream()
                .map(Column::name)
                .map(name -> Field.text(name, name))
                .toList();
        rf.output().rows(new Answer("rf.rows/v1", "rows", fields), sink -> {
            for (JsonNode row : run.rows()) {
                List<@Nullable Object> values = new ArrayList<>();
                run.columns().forEach(column -> values.add(value(row.get(column.name()))));
                sink.rowOf(values);
            }
            sink.footer(run.rows().size() + (run.rows().size() == 1 ? " row" : " rows"));
        });
    }

    private static @Nullable Object value(JsonNode node) {
        if (node.isNull()) {
            return null;
        }
        if (node.isBoolean()) {
            return node.booleanValue();
        }
        if (node.isNumber()) {
            return node.decimalValue();
        }
        return node.isTextual() ? node.asText() : node.toString();
    }
}
