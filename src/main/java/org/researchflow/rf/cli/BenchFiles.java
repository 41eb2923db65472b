package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.bench.HtmlReport;
import org.researchflow.rf.bench.JunitReport;
import org.researchflow.rf.bench.Measured;
import org.researchflow.rf.bench.Report;
import org.researchflow.rf.bench.Series;
import picocli.CommandLine.Option;

/** The files that a bench leaves, beside what it prints. */
final class BenchFiles {

    @Option(names = "--save", paramLabel = "FILE", description = "Keep the figures, as a baseline for later ones.")
    private @Nullable Path save;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with charts that needs no network.")
    private @Nullable Path html;

    @Option(names = "--junit", paramLabel = "FILE", description = "Write the figures and gates as JUnit XML.")
    private @Nullable Path junit;

    @Option(
            names = "--samples",
            paramLabel = "FILE",
            description = "Write every latency measured as CSV: scenario, query, runner, run, microseconds.")
    private @Nullable Path samples;

    /** Finds out before long work that something could not be written. */
    void requireWritable() {
        requireWritable("--save", save);
        requireWritable("--html", html);
        requireWritable("--junit", junit);
        requireWritable("--samples", samples);
    }

    private static void requireWritable(String option, @Nullable Path file) {
        if (file == null) {
            return;
        }
        if (Files.isDirectory(file)) {
            throw Failure.usage(option + " names a folder: " + file);
        }
        Path folder = Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
        if (Files.exists(file) ? !Files.isWritable(file) : !Files.isWritable(folder)) {
            throw Failure.usage("cannot write " + option + " " + file)
                    .note(
                            "why",
                            Files.exists(file)
                                    ? "the file is not writable"
                                    : "its folder does not exist, or is not writable");
        }
    }

    void write(Report report) throws IOException {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("schema", Report.SCHEMA);
        document.putAll(report.document());
        String json = JsonText.of(document);
        if (save != null) {
            write(save, json + "\n");
        }
        if (html != null) {
            write(html, HtmlReport.of(json));
        }
        if (junit != null) {
            write(junit, JunitReport.of(report));
        }
        if (samples != null) {
            write(samples, samples(report));
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static String samples(Report report) {
        StringBuilder text = new StringBuilder("scenario,query,runner,run,us\n");
        for (Measured one : report.measured()) {
            Series series = one.series();
            for (int run = 0; run < one.runs().size(); run++) {
                String line = String.join(
                        ",", series.scenario(), series.query(), series.runner(), String.valueOf(run + 1), "");
                one.runs().get(run).latencies().stream()
                        .forEach(latency ->
                                text.append(line).append(latency / 1000.0).append('\n'));
            }
        }
        return text.toString();
    }
}
