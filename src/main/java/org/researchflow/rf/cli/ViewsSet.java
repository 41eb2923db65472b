package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.Schedule;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf views set}. */
@Command(
        description = {
            "Changes when views are refreshed.",
            "A view is stale when it is older than its refresh interval; rf views refresh-stale and rf views watch"
                    + " refresh it then, unless it is not to be refreshed automatically."
        },
        footer = {
            "rf views set observation_labs --refresh-interval 15m",
            "rf views set procedure_history --no-auto-refresh",
            "rf views set procedure_history --refresh-interval default --auto-refresh"
        })
final class ViewsSet implements Action {

    private static final Answer ANSWER = Answer.of(
            "rf.schedules/v1",
            "views",
            Field.text("VIEW", "name"),
            Field.text("REFRESHED", "refreshed"),
            Field.text("BEFORE", "before"),
            Field.text("RESULT", "result"));

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "A materialized view.")
    private List<String> names = List.of();

    @Mixin
    private ScheduleFlags flags = new ScheduleFlags();

    @Option(names = "--dry-run", description = "Say what would be done, and do nothing.")
    private boolean dryRun;

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        if (!flags.given()) {
            throw Failure.usage("rf views set needs something to set")
                    .note("try", "rf views set " + String.join(" ", names) + " --refresh-interval 1h")
                    .note("try", "rf views set " + String.join(" ", names) + " --no-auto-refresh");
        }
        Batch batch = Workplace.of(rf).batch();
        List<Schedule.Change> changes =
                dryRun ? batch.rehearseSchedule(names, flags.change()) : batch.schedule(names, flags.change());
        rf.output()
                .rows(
                        ANSWER,
                        sink -> changes.forEach(change -> {
                            boolean same = change.before().equals(change.after());
                            sink.row(
                                    change.view(),
                                    ScheduleFlags.inWords(change.after()),
                                    ScheduleFlags.inWords(change.before()),
                                    same ? "unchanged" : dryRun ? "would be set" : "set");
                        }));
        return ExitCode.DONE;
    }
}
