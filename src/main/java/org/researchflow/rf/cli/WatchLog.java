package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Outcome;

/** What a watch says of its rounds: one line each, and an alert when something begins to fail. */
final class WatchLog {

    private final Invocation rf;
    private final ServiceLog log;
    private final Monitoring monitoring;
    private long rounds;
    private long lost;
    private String failing = "";

    WatchLog(Invocation rf, Monitoring monitoring) {
        this.rf = rf;
        this.log = new ServiceLog(rf, "watch", ChronoUnit.SECONDS);
        this.monitoring = monitoring;
    }

    /** How many rounds reached the database. */
    long rounds() {
        return rounds;
    }

    void round(List<Outcome> outcomes, RunMetrics run) {
        rounds++;
        List<String> unfinished = ViewRun.unfinished(outcomes);
        Map<String, @Nullable Object> line = line("round");
        line.put("ok", run.ok());
        line.put("failed", run.failed());
        line.put("skipped", run.skipped());
        line.put("changed", run.changed());
        line.put("seconds", run.took().toMillis() / 1000.0);
        if (!unfinished.isEmpty()) {
            line.put("failedViews", unfinished);
        }
        log.print(line);
        outcomes.forEach(this::warn);
        if (unfinished.isEmpty()) {
            failing = "";
        } else if (!rf.cancellation().stopAsked()) {
            alert(new Alert("watch", ExitCode.PARTIAL, unfinished, ViewRun.error(outcomes)));
        }
    }

    /** The round did not take place. */
    void lost(Failure failure, Duration next) {
        lost++;
        Map<String, @Nullable Object> line = line("lost");
        line.put("error", failure.what());
        line.put("retrySeconds", next.toMillis() / 1000.0);
        log.print(line);
        alert(new Alert("watch", ExitCode.of(failure.kind()), List.of(), failure.what()));
    }

    void stopped() {
        log.print(line("stopped"));
    }

    private Map<String, @Nullable Object> line(String event) {
        return log.line(event, rounds);
    }

    private void warn(Outcome outcome) {
        if (outcome instanceof Outcome.Failed(String view, Failure failure, Optional<Instant> _)) {
            rf.messages().warning(view + " failed: " + failure.what());
        }
    }

    /** Once for what goes on failing in the same way, not once a round. */
    private void alert(Alert alert) {
        String now = alert.views() + " " + alert.error();
        if (!now.equals(failing)) {
            failing = now;
            monitoring.alert(rf, alert);
        }
    }

    void add(Metrics metrics) {
        metrics.counter("rf_watch_rounds_total", "Rounds of rf views watch since it began.", rounds)
                .counter("rf_watch_lost_rounds_total", "Rounds that did not take place.", lost);
    }
}
