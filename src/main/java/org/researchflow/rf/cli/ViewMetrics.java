package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.researchflow.rf.batch.ListedView;

/** The views' state as metrics. */
final class ViewMetrics {

    private final Metrics metrics;
    private final List<ListedView> views;

    private ViewMetrics(Metrics metrics, List<ListedView> views) {
        this.metrics = metrics;
        this.views = views;
    }

    /**
     * Adds them all.
     *
     * @param staleness the limit of all views; empty when each has its own
     */
    static void add(Metrics metrics, List<ListedView> views, Optional<Duration> staleness, Instant now) {
        metrics.gauge("rf_views", "Materialized views.", Integer.toString(views.size()));
        metrics.gauge("rf_metrics_timestamp_seconds", "When this was written.", Metrics.seconds(now));
        new ViewMetrics(metrics, views).add(staleness);
    }

    private void add(Optional<Duration> staleness) {
        each(
                "rf_view_rows",
                "Rows of the view.",
                view -> Long.toString(view.materialization().rows()));
        each(
                "rf_view_set_aside",
                "Live resources without rows: their bodies cannot be read, or the view's SQL fails on them.",
                view -> Long.toString(view.materialization().setAside()));
        each("rf_view_size_bytes", "Its stored rows with their indexes.", view -> Long.toString(view.sizeBytes()));
        each(
                "rf_view_last_refresh_timestamp_seconds",
                "When it was last refreshed.",
                view -> Metrics.seconds(view.materialization().lastRefreshed()));
        each(
                "rf_view_watermark_timestamp_seconds",
                "The moment up to which it is complete: time() minus this is its staleness.",
                view -> Metrics.seconds(view.materialization().watermark().at()));
        each(
                "rf_view_staleness_limit_seconds",
                "How stale it may be.",
                view -> Long.toString(staleness.orElse(view.schedule().limit()).toSeconds()));
        each(
                "rf_view_refresh_duration_seconds",
                "How long its last refresh took.",
                view -> Metrics.seconds(view.materialization().lastDuration()));
        each(
                "rf_view_healthy",
                "1 when it is neither stale nor was its last refresh a failure.",
                view -> view.state() == ListedView.State.FAILED || view.isStale(staleness) ? "0" : "1");
    }

    private void each(String name, String help, Function<ListedView, String> value) {
        metrics.each(views, name, help, view -> Map.of("view", view.name()), value);
    }
}
