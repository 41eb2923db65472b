package org.researchflow.rf.cli;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Roles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code rf grants}. */
@Command(
        description = {
            "Prints the SQL that gives three roles the rights they need.",
            "One reads HAPI's tables, one builds and refreshes views, one asks questions of them. Roles that do not exist"
                    + " are created, without a password. Nothing is executed: look at it, and give it to psql. It can be"
                    + " run again at any time."
        },
        footer = {"rf grants", "rf grants --rf etl --analyst researchers", "rf grants | psql -v ON_ERROR_STOP=1"})
final class GrantsCommand implements Action {

    @Option(names = "--reader", paramLabel = "ROLE", description = "Reads HAPI's tables (default: rf_reader).")
    private String reader = "rf_reader";

    @Option(names = "--rf", paramLabel = "ROLE", description = "Builds and refreshes views (default: rf).")
    private String rfRole = "rf";

    @Option(names = "--analyst", paramLabel = "ROLE", description = "Asks questions of views (default: rf_analyst).")
    private String analyst = "rf_analyst";

    @Override
    public ExitCode run(Invocation rf) {
        if (new HashSet<>(List.of(reader, rfRole, analyst)).size() < 3) {
            throw Failure.usage("--reader, --rf and --analyst must be three roles")
                    .note("why", "whoever asks questions is not to read HAPI's tables, nor to own views");
        }
        String sql = Workplace.of(rf).batch().grants(new Roles(reader, rfRole, analyst));
        rf.output().document("rf.grants/v1", Map.of("sql", sql), sql.strip());
        return ExitCode.DONE;
    }
}
