package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunOptions;
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
    private RunFlags flags = new RunFlags();

    @Mixin
    private RefreshFlags refresh = new RefreshFlags();

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Batch batch = Workplace.of(rf).batch();
        List<String> names = batch.known();
        if (names.isEmpty()) {
            rf.messages().remark("there are no views yet; create them with  rf views create-all");
        }
        RunOptions options = refresh.in(flags.options());
        if (flags.dryRun()) {
            return DryRun.print(rf, batch.rehearseRefresh(names, options));
        }
        ViewRun run = new ViewRun(rf, "refresh", "refresh-all", names);
        Instant start = rf.clock().instant();
        List<Outcome> outcomes = batch.refreshAll(options, run);
        return run.end(outcomes, Duration.between(start, rf.clock().instant()), false);
    }
}
