package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.researchflow.rf.batch.Outcome;

/**
 * The last run over the views as metrics.
 *
 * @param command what was typed behind {@code rf views}
 * @param failed views that could not be renewed, or whose new rows nobody reads yet
 * @param skipped views that somebody else works on
 * @param changed resources that an incremental refresh took in
 */
record RunMetrics(String command, long ok, long failed, long skipped, long changed, Duration took) {

    static RunMetrics of(String command, List<Outcome> outcomes, Duration took) {
        long failed = ViewRun.unfinished(outcomes).size();
        long skipped =
                outcomes.stream().filter(Outcome.Locked.class::isInstance).count();
        long changed = outcomes.stream()
                .mapToLong(outcome -> outcome instanceof Outcome.Refreshed refreshed ? refreshed.changed() : 0)
                .sum();
        return new RunMetrics(command, outcomes.size() - failed - skipped, failed, skipped, changed, took);
    }

    private record Share(String outcome, long views) {}

    void add(Metrics metrics, Instant now) {
        each(metrics, "rf_run_timestamp_seconds", "When the last run over views ended.", Metrics.seconds(now));
        each(metrics, "rf_run_duration_seconds", "How long it took.", Metrics.seconds(took));
        each(metrics, "rf_run_changed", "Resources that it found changed, counted for each view.", "" + changed);
        metrics.each(
                List.of(new Share("ok", ok), new Share("failed", failed), new Share("skipped", skipped)),
                "rf_run_views",
                "Views of the last run, by what became of them.",
                share -> Map.of("outcome", share.outcome()),
                share -> Long.toString(share.views()));
    }

    private void each(Metrics metrics, String name, String help, String value) {
        metrics.each(List.of(command), name, help, typed -> Map.of("command", typed), _ -> value);
    }
}
