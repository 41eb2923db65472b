package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
        @Nullable Path file = metricsFile;
        if (file != null) {
            if (Files.isDirectory(file)) {
                throw Failure.usage("--metrics-file names a folder: " + file)
                        .note("try", file.resolve("rf.prom").toString());
            }
            if (!Files.isWritable(folder(file))) {
                throw Failure.usage("cannot write --metrics-file " + file)
                        .note("why", "its folder does not exist, or is not writable");
            }
        }
    }

    /** Writes the file, if one is wanted, so that nobody ever reads half of it. */
    void write(Invocation rf, Supplier<List<ListedView>> views, Optional<Duration> staleness) {
        @Nullable Path file = metricsFile;
        if (file == null || rf.cancellation().cancelled()) {
            return;
        }
        try {
            // Not a "temporary file" of Java's, which only its owner may read.
            Path whole = folder(file)
                    .resolve("." + file.getFileName() + "."
                            + ProcessHandle.current().pid());
            Files.writeString(
                    whole, Metrics.of(views.get(), staleness, rf.clock().instant()));
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            rf.messages().warning("cannot write --metrics-file " + file, "why: " + e.getMessage());
        } catch (Failure e) {
            rf.messages().warning("the metrics were not written: " + e.what());
        }
    }

    private static Path folder(Path file) {
        return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
    }

    void alert(Invocation rf, Alert alert) {
        @Nullable String command = onFailure;
        if (command != null && !rf.cancellation().cancelled()) {
            alert.raise(command, rf);
        }
    }
}
