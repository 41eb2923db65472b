package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.batch.Batch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code rf views refresh-all}. */
@Command(
        description = {
            "Brings all views up to date, at the cost of what changed.",
            "All are brought to one moment of the database. A view that another run works on is skipped; a view that"
                    + " fails does not stop the others and keeps its last contents."
        },
        footer = {"rf views refresh-all", "rf views refresh-all -o json"})
final class ViewsRefreshAll implements Action {

    @Mixin
    private RefreshFlags flags = new RefreshFlags();

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        return flags.refresh(
                rf, new RefreshFlags.Wanted("refresh-all", batch -> all(rf, batch), false, Optional.empty()));
    }

    private static List<String> all(Invocation rf, Batch batch) {
        List<String> names = batch.refreshable();
        if (names.isEmpty()) {
            rf.messages().remark("there are no views yet; create them with  rf views create-all");
        }
        return names;
    }
}
