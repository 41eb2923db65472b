package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.fhir.Suggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views drop}. */
@Command(
        description = {
            "Drops materialized views with their stored rows.",
            "The resources themselves are not touched: a dropped view can be created again. On a terminal the name is"
                    + " asked for once more; elsewhere --yes is needed."
        },
        footer = {"rf views drop my_view", "rf views drop my_view --yes", "rf views drop my_view --dry-run"})
final class ViewsDrop implements Action {

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "A materialized view.")
    private List<String> names = List.of();

    @Mixin
    private Confirmation confirmation = new Confirmation();

    @Option(names = "--cascade", description = "Drop what depends on the view, too.")
    private boolean cascade;

    @Mixin
    private RunFlags flags = new RunFlags();

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Batch batch = Workplace.of(rf).batch();
        requireKnown(batch);
        if (flags.dryRun()) {
            return DryRun.printSql(rf, batch.rehearseDrop(names, flags.options().withCascade(cascade)));
        }
        confirmation.require(
                rf,
                "rf views drop",
                names,
                "dropped",
                names.stream()
                        .map(name -> Confirmation.Question.named("drop " + name + " and its stored rows", name))
                        .toList());
        ViewRun run = new ViewRun(rf, "drop", "drop", names);
        Instant start = rf.clock().instant();
        List<Outcome> outcomes = batch.drop(names, flags.options().withCascade(cascade));
        outcomes.forEach(run::finished);
        return run.end(outcomes, Duration.between(start, rf.clock().instant()), true);
    }

    private void requireKnown(Batch batch) {
        List<String> known = batch.known();
        for (String name : names) {
            if (!known.contains(name)) {
                Failure failure = Failure.usage("no view named \"" + name + '"');
                Suggestion.nearest(name, known)
                        .ifPresentOrElse(
                                near -> failure.note("did you mean", near), () -> failure.note("try", "rf views list"));
                throw failure;
            }
        }
    }
}
