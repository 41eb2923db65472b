package org.researchflow.rf.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.researchflow.rf.batch.ListedView;

/**
 * The views' state in Prometheus' text format. It holds moments and no ages: an age would stand still in the file
 * when nobody writes it any more.
 */
final class Metrics {

    private final StringBuilder text = new StringBuilder();

    private Metrics() {}

    /**
     * Writes them all.
     *
     * @param staleness the limit of all views; empty when each has its own
     */
    static String of(List<ListedView> views, Optional<Duration> staleness, Instant now) {
        Metrics metrics = new Metrics();
        metrics.single("rf_views", "Materialized views.", Integer.toString(views.size()));
        metrics.single("rf_metrics_timestamp_seconds", "When this was written.", seconds(now));
        metrics.each(
                views,
                "rf_view_rows",
                "Rows of the view.",
                view -> Long.toString(view.materialization().rows()));
        metrics.each(
                views,
                "rf_view_set_aside",
                "Live resources without rows: their bodies cannot be read, or the view's SQL fails on them.",
                view -> Long.toString(view.materialization().setAside()));
        metrics.each(
                views,
                "rf_view_size_bytes",
                "Its stored rows with their indexes.",
                view -> Long.toString(view.sizeBytes()));
        metrics.each(
                views,
                "rf_view_last_refresh_timestamp_seconds",
                "When it was last refreshed.",
                view -> seconds(view.materialization().lastRefreshed()));
        metrics.each(
                views,
                "rf_view_watermark_timestamp_seconds",
                "The moment up to which it is complete: time() minus this is its staleness.",
                view -> seconds(view.materialization().watermark().at()));
        metrics.each(
                views,
                "rf_view_staleness_limit_seconds",
                "How stale it may be.",
                view -> Long.toString(staleness.orElse(view.schedule().limit()).toSeconds()));
        metrics.each(
                views,
                "rf_view_refresh_duration_seconds",
                "How long its last refresh took.",
                view -> decimal(view.materialization().lastDuration().toMillis()));
        metrics.each(
                views,
                "rf_view_healthy",
                "1 when it is neither stale nor was its last refresh a failure.",
                view -> view.state() == ListedView.State.FAILED || view.isStale(staleness) ? "0" : "1");
        return metrics.text.toString();
    }

    private void single(String name, String help, String value) {
        head(name, help);
        text.append(name).append(' ').append(value).append('\n');
    }

    private void each(List<ListedView> views, String name, String help, Function<ListedView, String> value) {
        head(name, help);
        for (ListedView view : views) {
            text.append(name)
                    .append("{view=\"")
                    .append(label(view.name()))
                    .append("\"} ")
                    .append(value.apply(view))
                    .append('\n');
        }
    }

    private void head(String name, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(" gauge\n");
    }

    private static String label(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String seconds(Instant time) {
        return decimal(time.toEpochMilli());
    }

    private static String decimal(long milliseconds) {
        return BigDecimal.valueOf(milliseconds, 3).toPlainString();
    }
}
