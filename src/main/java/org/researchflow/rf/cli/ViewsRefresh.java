package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rf views refresh}. */
@Command(
        description = {
            "Brings views up to date, at the cost of what changed.",
            "The rows of created, changed and deleted resources are replaced. A view is built anew where its definition,"
                    + " the settings or the database are not those of its last refresh, and where more than 20 % of its"
                    + " resources changed. Expunged resources and changed tags are looked for where PostgreSQL's"
                    + " statistics point to some, at least every 24 hours, and with --exact.",
            "Resources that cannot be read, or on which a view's SQL fails, are set aside: they have no rows, every answer"
                    + " from the view says so, and they are tried again when they change or can be read.",
            "The views stay readable throughout, with their last contents until the new ones are complete."
        },
        footer = {"rf views refresh condition_simple", "rf views refresh condition_simple --rebuild"})
final class ViewsRefresh implements Action {

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "A materialized view.")
    private List<String> names = List.of();

    @Mixin
    private RefreshFlags flags = new RefreshFlags();

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        return flags.refresh(rf, new RefreshFlags.Wanted("refresh", _ -> names, true, Optional.empty()));
    }
}
