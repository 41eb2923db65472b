package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import org.researchflow.rf.view.Pack;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rf views create-all}. */
@Command(
        description = {
            "Creates all views of a pack.",
            "All views of resources are built from one moment of the database, so that questions over several of them"
                    + " agree. The pack more has what some questions need besides: medication_simple, which lets"
                    + " --medication find what requests refer to, and observation_components, which lets --lab find the"
                    + " parts of observations, such as the two pressures of the blood. The pack kpi has the key figures of"
                    + " a school network's budget, in the schema efir_budget: rf sandbox load kpi makes its tables, with"
                    + " sample data."
        },
        footer = {"rf views create-all", "rf views create-all --jobs 4", "rf views create-all --pack kpi"})
final class ViewsCreateAll implements Action {

    @Option(names = "--pack", paramLabel = "PACK", description = "The pack: fhir, more or kpi (default: fhir).")
    private Pack pack = Pack.FHIR;

    @Mixin
    private CreateFlags flags = new CreateFlags();

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        return ViewsCreate.create(rf, "create-all", pack.all(), flags);
    }
}
