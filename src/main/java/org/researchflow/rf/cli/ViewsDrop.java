package org.researchflow.rf.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

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
        if (!yes) {
            confirm(rf);
        }
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

    private void confirm(Invocation rf) throws IOException {
        if (!rf.terminal().stdin() || !rf.terminal().stderr()) {
            throw Failure.usage("rf views drop asks before it drops, and there is no terminal to ask on")
                    .note("try", "rf views drop " + String.join(" ", names) + " --yes");
        }
        BufferedReader answers = new BufferedReader(new InputStreamReader(rf.in(), StandardCharsets.UTF_8));
        for (String name : names) {
            rf.messages().remark("drop " + name + " and its stored rows? Type its name to go on:");
            String answer = answers.readLine();
            if (answer == null || !answer.strip().equals(name)) {
                throw Failure.failed("nothing was dropped").note("why", "the name was not typed");
            }
        }
    }
}
