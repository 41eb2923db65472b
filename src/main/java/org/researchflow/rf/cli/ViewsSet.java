package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.LiveChange;
import org.researchflow.rf.batch.RunOptions;
import org.researchflow.rf.batch.Schedule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views set}. */
@Command(
        description = {
            "Changes when views are refreshed, and whether they are live.",
            "A view is stale when it is older than its refresh interval; rf views refresh-stale and rf views watch"
                    + " refresh it then, unless it is not to be refreshed automatically.",
            "A live view has a second one beside it, sqlonfhir_live.NAME, a plain PostgreSQL view of what rf query would"
                    + " answer now: the stored rows, merged with what changed in the source since the last refresh."
        },
        footer = {
            "rf views set observation_labs --refresh-interval 15m",
            "rf views set procedure_history --no-auto-refresh",
            "rf views set procedure_history --refresh-interval default --auto-refresh",
            "rf views set condition_simple --live"
        })
final class ViewsSet implements Action {

    private static final Answer ANSWER = Answer.of(
            "rf.schedules/v1",
            "views",
            Field.text("VIEW", "name"),
            Field.text("REFRESHED", "refreshed"),
            Field.text("BEFORE", "before"),
            Field.text("LIVE", "live"),
            Field.text("RESULT", "result"));

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "A materialized view.")
    private List<String> names = List.of();

    @Mixin
    private ScheduleFlags flags = new ScheduleFlags();

    @Mixin
    private LiveFlags live = new LiveFlags();

    @Option(
            names = "--cascade",
            description = "With --no-live, or when a live view's columns changed: drop what depends on it, too.")
    private boolean cascade;

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Optional<Boolean> wanted = live.wanted();
        if (!flags.given() && wanted.isEmpty()) {
            throw Failure.usage("rf views set needs something to set")
                    .note("try", "rf views set " + String.join(" ", names) + " --refresh-interval 1h")
                    .note("try", "rf views set " + String.join(" ", names) + " --no-auto-refresh")
                    .note("try", "rf views set " + String.join(" ", names) + " --live");
        }
        Batch batch = Workplace.of(rf).batch();
        List<Schedule.Change> changes =
                dryRun ? batch.rehearseSchedule(names, flags.change()) : batch.schedule(names, flags.change());
        Map<String, LiveChange> lives = live(batch, wanted).stream()
                .collect(Collectors.toMap(LiveChange::view, Function.identity(), (first, _) -> first));
        rf.output()
                .rows(
                        ANSWER,
                        sink -> changes.forEach(change -> {
                            LiveChange live = Objects.requireNonNull(lives.get(change.view()));
                            boolean same = change.before().equals(change.after()) && live.before() == live.after();
                            sink.row(
                                    change.view(),
                                    ScheduleFlags.inWords(change.after()),
                                    ScheduleFlags.inWords(change.before()),
                                    live.after() ? "sqlonfhir_live." + change.view() : "-",
                                    same ? "unchanged" : dryRun ? "would be set" : "set");
                        }));
        return ExitCode.DONE;
    }

    private List<LiveChange> live(Batch batch, Optional<Boolean> wanted) {
        return dryRun || wanted.isEmpty()
                ? batch.rehearseLive(names, wanted)
                : batch.live(names, wanted.get(), RunOptions.DEFAULT.withCascade(cascade));
    }
}
