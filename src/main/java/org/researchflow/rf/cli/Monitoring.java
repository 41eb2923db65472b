package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.ListedView;
import picocli.CommandLine.Option;

/** The options that tell other programs how views are: a file of metrics, and a command for alerts. */
final class Monitoring {

    @Option(
            names = "--metrics-file",
            paramLabel = "FILE",
            description = "Write the views' state in Prometheus' text format, for the textfile collector.")
    private @Nullable Path metricsFile;

    @Option(
            names = "--on-failure",
            paramLabel = "COMMAND",
            description = "Run by /bin/sh when something failed; finds RF_COMMAND, RF_EXIT_CODE, RF_FAILED_VIEWS and"
                    + " RF_ERROR in its environment.")
    private @Nullable String onFailure;

    /** Finds out before long work that its metrics could not be written. */
    void requireWritable() {
        var _ = file();
    }

    private Optional<WholeFile> file() {
        return Optional.ofNullable(metricsFile).map(path -> new WholeFile("--metrics-file", path));
    }

    /** Writes the views' state, if anybody wants it. */
    void write(Invocation rf, Supplier<List<ListedView>> views, Optional<Duration> staleness) {
        write(rf, views, staleness, (_, _) -> {});
    }

    /** The same, with what is to be said besides. */
    void write(
            Invocation rf,
            Supplier<List<ListedView>> views,
            Optional<Duration> staleness,
            BiConsumer<Metrics, Instant> more) {
        if (metricsFile == null || rf.cancellation().cancelled()) {
            return;
        }
        try {
            Instant now = rf.clock().instant();
            Metrics metrics = new Metrics();
            ViewMetrics.add(metrics, views.get(), staleness, now);
            more.accept(metrics, now);
            file().orElseThrow().write(metrics.text());
        } catch (IOException e) {
            rf.messages().warning("cannot write --metrics-file " + metricsFile, "why: " + e.getMessage());
        } catch (Failure e) {
            rf.messages().warning("the metrics were not written: " + e.what());
        }
    }

    void alert(Invocation rf, Alert alert) {
        @Nullable String command = onFailure;
        if (command != null && !rf.cancellation().cancelled()) {
            alert.raise(command, rf);
        }
    }
}
