package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.researchflow.rf.batch.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code rf views refresh}. */
@Command(
        description = {
            "Brings views up to date.",
            "The views stay readable throughout, with their last contents until the new ones are complete."
        },
        footer = {"rf views refresh condition_simple"})
final class ViewsRefresh implements Action {

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "A materialized view.")
    private List<String> names = List.of();

    @Mixin
    private RunFlags flags = new RunFlags();

    @Override
    public ExitCode run(Invocation rf) {
        ViewRun run = new ViewRun(rf, "refresh", "refresh", names);
        Instant start = rf.clock().instant();
        List<Outcome> outcomes = Workplace.of(rf).batch().refresh(names, flags.options(), run);
        return run.end(outcomes, Duration.between(start, rf.clock().instant()), true);
    }
}
