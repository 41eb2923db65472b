package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.SqlView;
import org.researchflow.rf.view.View;
import org.researchflow.rf.view.ViewDefinition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views sql}. */
@Command(
        description = {
            "Prints the SQL of a view.",
            "It is what the view's rows are made with, over the tables of this HAPI server or the views and tables that a"
                    + " SQLView reads; it can be run as it is."
        },
        footer = {"rf views sql condition_simple", "rf views sql -f my_view.json", "rf views sql patient_simple | psql"
        })
final class ViewsSql implements Action {

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "A materialized view, or one that comes with rf.")
    private @Nullable String name;

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description = "A ViewDefinition, or a SQLView.")
    private @Nullable Path file;

    @Override
    public ExitCode run(Invocation rf) throws IOException {
        if ((name == null) == (file == null)) {
            throw Failure.usage("rf views sql needs the name of a view or a file")
                    .note("try", "rf views sql condition_simple")
                    .note("try", "rf views sql -f my_view.json");
        }
        Workplace workplace = Workplace.of(rf);
        if (file != null) {
            rf.output().text(sql(workplace, ViewsCreate.any(file, ViewsCreate.text(file))));
        } else if (name != null) {
            rf.output().text(sql(workplace, name));
        }
        return ExitCode.DONE;
    }

    private static String sql(Workplace workplace, View view) {
        return switch (view) {
            case ViewDefinition definition ->
                workplace.serving(RunnerName.POSTGRES).sql(definition);
            case SqlView sql -> workplace.batch().sql(sql);
        };
    }

    private static String sql(Workplace workplace, String name) {
        Optional<String> known = workplace.batch().sql(name);
        if (known.isPresent()) {
            return known.get();
        }
        return Pack.of(name)
                .filter(pack -> pack != Pack.FHIR)
                .map(pack -> sql(workplace, pack.any(name)))
                .orElseGet(() -> workplace.serving(RunnerName.POSTGRES).sql(name));
    }
}
