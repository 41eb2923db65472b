package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.ListedView;
import org.researchflow.rf.batch.Outcome;
import org.researchflow.rf.batch.RunListener;
import org.researchflow.rf.batch.RunOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rf views watch}. */
@Command(
        description = {
            "Keeps views up to date until it is stopped, for systemd and containers.",
            "Each round brings all views up to date, at the cost of what changed; one with a refresh interval of its own"
                    + " only when it is older than that, and none that is not to be refreshed automatically"
                    + " (rf views set). Prints one line a round.",
            "SIGTERM and Ctrl-C end it with 0, after what it is at is finished or rolled back. When the database goes"
                    + " away, it tries again with growing pauses; only the first round's failure ends it."
        },
        footer = {"rf views watch", "rf views watch --every 10s --metrics-file /var/lib/node_exporter/rf.prom"})
final class ViewsWatch implements Action {

    /** Says nothing of what a round does. */
    private record Silent(CatchUp catchUp) implements RunListener {
        @Override
        public void started(String view) {}

        @Override
        public void finished(Outcome outcome) {}

        @Override
        public void beforeCommits() {
            catchUp.run();
        }
    }

    @Option(names = "--every", paramLabel = "TIME", description = "From one round to the next (default: 1m).")
    private String every = "1m";

    @Mixin
    private StalenessFlag staleness = new StalenessFlag();

    @Mixin
    private RunFlags flags = new RunFlags();

    @Mixin
    private Monitoring monitoring = new Monitoring();

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException, InterruptedException {
        Duration pace = TimeText.parse("--every", every);
        if (pace.compareTo(Duration.ofSeconds(1)) < 0) {
            throw Failure.usage("--every can be 1s or more, not " + every);
        }
        if (rf.output().format() == OutputFormat.CSV) {
            throw Failure.usage("rf views watch prints lines or JSON, not csv").note("try", "-o ndjson");
        }
        monitoring.requireWritable();
        Optional<Duration> limit = staleness.limit(rf.configuration());
        RunOptions options = flags.options();
        QueryLogAge age = QueryLogAge.of(rf.configuration());
        Workplace workplace = Workplace.of(rf);
        Batch batch = workplace.batch();
        if (flags.dryRun()) {
            return DryRun.print(rf, batch.rehearseRefresh(due(batch, limit), options));
        }
        rf.cancellation().becomeService();
        batch.forgetQueries(age.longest());
        watch(rf, pace, batch, limit, options, new Silent(new CatchUp(rf, workplace)));
        return ExitCode.DONE;
    }

    private void watch(
            Invocation rf,
            Duration pace,
            Batch batch,
            Optional<Duration> limit,
            RunOptions options,
            RunListener listener)
            throws InterruptedException {
        WatchLog log = new WatchLog(rf, monitoring);
        GrowingPause pause = new GrowingPause();
        while (!rf.cancellation().stopAsked()) {
            long started = System.nanoTime();
            Duration next;
            try {
                List<Outcome> outcomes = batch.refresh(due(batch, limit), options, listener);
                RunMetrics run = RunMetrics.of("watch", outcomes, since(started));
                log.round(outcomes, run);
                monitoring.write(rf, () -> batch.list(List.of()), limit, (metrics, now) -> {
                    run.add(metrics, now);
                    log.add(metrics);
                });
                pause.reset();
                next = pace.minus(since(started));
            } catch (Failure e) {
                if (rf.cancellation().stopAsked()) {
                    break;
                }
                if (log.rounds() == 0) {
                    throw e;
                }
                next = pause.next();
                log.lost(e, next);
            }
            rf.cancellation().awaitStop(next);
        }
        log.stopped();
    }

    private static Duration since(long started) {
        return Duration.ofNanos(System.nanoTime() - started);
    }

    /** What wants to be refreshed, those views included whose first build was never published. */
    private static List<String> due(Batch batch, Optional<Duration> limit) {
        List<ListedView> listed = batch.list(List.of());
        Set<String> published = listed.stream().map(ListedView::name).collect(Collectors.toSet());
        List<String> due = new ArrayList<>(
                batch.known().stream().filter(name -> !published.contains(name)).toList());
        for (ListedView view : listed) {
            boolean always = limit.isEmpty() && view.schedule().interval().isEmpty();
            if (view.isDue(limit) || (always && view.isAutomatic())) {
                due.add(view.name());
            }
        }
        return due;
    }
}
