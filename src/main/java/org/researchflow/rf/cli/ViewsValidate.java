package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.view.Definitions;
import org.researchflow.rf.view.SqlView;
import org.researchflow.rf.view.ViewReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code rf views validate}. */
@Command(
        description = {
            "Checks ViewDefinitions and SQLViews without a database.",
            "Every problem of every file is shown with its place. The exit code is 2 if there is any. Of a SQLView, its"
                    + " header and its form are checked; what its SQL means is PostgreSQL's to say."
        },
        footer = {"rf views validate my_view.json", "rf views validate views/*.json -o json"})
final class ViewsValidate implements Action {

    private static final Answer ANSWER = Answer.of(
            "rf.validation/v1",
            "views",
            Field.text("FILE", "file"),
            Field.text("VIEW", "name"),
            Field.text("RESOURCE", "resource"),
            Field.count("COLUMNS", "columns"),
            Field.text("VALID", "valid"));

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "A ViewDefinition, or a SQLView.")
    private List<Path> files = List.of();

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        boolean[] valid = {true};
        rf.output().rows(ANSWER, sink -> {
            for (Path file : files) {
                try {
                    String text = ViewsCreate.text(file);
                    if (Definitions.isSql(file.toString(), text)) {
                        SqlView view = Definitions.sqlView(file.toString(), text);
                        sink.row(file.toString(), view.name(), null, null, true);
                        continue;
                    }
                    ViewPlan plan = ViewCompiler.compile(ViewReader.draft(file.toString(), text));
                    sink.row(
                            file.toString(),
                            plan.name(),
                            plan.resourceType(),
                            plan.columns().size(),
                            true);
                } catch (Failure failure) {
                    valid[0] = false;
                    rf.messages().error(failure, ExitCode.USAGE);
                    sink.row(file.toString(), null, null, null, false);
                }
            }
        });
        return valid[0] ? ExitCode.DONE : ExitCode.USAGE;
    }
}
