package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of the commands that refresh views once, and what these commands have in common. */
final class RefreshFlags {

    @Mixin
    private RunFlags run = new RunFlags();

    @Option(
            names = "--exact",
            description = "Also look for expunged resources and changed tags, which leave no new version.")
    private boolean exact;

    @Option(names = "--rebuild", description = "Build everything anew.")
    private boolean rebuild;

    @Option(
            names = "--strict",
            description = "Fail when a view's SQL fails on a resource, instead of setting the resource aside.")
    private boolean strict;

    @Option(names = "--show-keys", description = "Name resources in messages by their keys, not by a hash of them.")
    private boolean showKeys;

    @Mixin
    private Monitoring monitoring = new Monitoring();

    /**
     * What is to be refreshed, and how that is said.
     *
     * @param command what was typed behind {@code rf views}
     * @param views their names, found in the database
     * @param named whether they were named one by one
     * @param staleness how old views may be, unless each has its own limit
     */
    record Wanted(String command, Function<Batch, List<String>> views, boolean named, Optional<Duration> staleness) {}

    ExitCode refresh(Invocation rf, Wanted wanted) throws IOException, SQLException {
        monitoring.requireWritable();
        RunOptions options = options();
        QueryLogAge age = QueryLogAge.of(rf.configuration());
        List<String> unfinished = new ArrayList<>();
        try {
            Workplace workplace = Workplace.of(rf);
            Batch batch = workplace.batch();
            List<String> names = wanted.views().apply(batch);
            if (run.dryRun()) {
                return DryRun.print(rf, batch.rehearseRefresh(names, options));
            }
            ViewRun shown = new ViewRun(rf, "refresh", wanted.command(), names, new CatchUp(rf, workplace)::run);
            Instant start = rf.clock().instant();
            List<Outcome> outcomes = batch.refresh(names, options, shown);
            unfinished.addAll(ViewRun.unfinished(outcomes));
            batch.forgetQueries(age.longest());
            Duration took = Duration.between(start, rf.clock().instant());
            monitoring.write(
                    rf,
                    () -> batch.list(List.of()),
                    wanted.staleness(),
                    RunMetrics.of(wanted.command(), outcomes, took)::add);
            ExitCode code = shown.end(outcomes, took, wanted.named());
            if (code == ExitCode.PARTIAL) {
                monitoring.alert(rf, new Alert(wanted.command(), code, unfinished, ViewRun.error(outcomes)));
            }
            return code;
        } catch (Failure e) {
            if (e.kind() != Failure.Kind.LOCKED) {
                monitoring.alert(rf, new Alert(wanted.command(), ExitCode.of(e.kind()), unfinished, e.what()));
            }
            throw e;
        }
    }

    private RunOptions options() {
        RunOptions options = run.options().withStrict(strict).withShowKeys(showKeys);
        return rebuild
                ? options.withRefresh(RunOptions.Refresh.REBUILD)
                : exact ? options.withRefresh(RunOptions.Refresh.EXACT) : options;
    }
}
