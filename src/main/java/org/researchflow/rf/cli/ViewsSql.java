package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views sql}. */
@Command(
        description = {
            "Prints the SQL of a view.",
            "It is what the view's rows are made with, over the tables of this HAPI server; it can be run as it is."
        },
        footer = {"rf views sql condition_simple", "rf views sql -f my_view.json", "rf views sql patient_simple | psql"
        })
final class ViewsSql implements Action {

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A materialized view, or one that comes with rf.")
    private @Nullable String name;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A ViewDefinition in JSON.")
    private @Nullable Path file;

    @Override
    public ExitCode run(Invocation rf) throws IOException {
        if ((name == null) == (file == null)) {
            throw Failure.usage("rf views sql needs the name of a view or a file")
                    .note("try", "rf views sql condition_simple")
                    .note("try", "rf views sql -f my_view.json");
        }
        Serving serving = Workplace.of(rf).serving(RunnerName.POSTGRES);
        if (file != null) {
            rf.output().text(serving.sql(ViewsCreate.view(file, ViewsCreate.text(file))));
        } else if (name != null) {
            rf.output().text(serving.sql(name));
        }
        return ExitCode.DONE;
    }
}
