package org.researchflow.rf.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;

/** Whole processes of rf from start to end, and a bare Java machine and {@code psql} beside them. */
record StartupScenario(List<Subject> subjects) implements Scenario {

    static StartupScenario open(Bed bed) {
        if (bed.beside().launcher().filter(Files::isExecutable).isEmpty()) {
            throw Failure.usage("rf was not started by its launcher, which is what would be measured")
                    .note("try", "bin/rf of a built or installed rf");
        }
        List<Subject> subjects = new ArrayList<>();
        subjects.add(new WholeProcess(
                new Series("startup", "nothing", "java"), List.of(java(), "-Xshare:auto", "-version")));
        bed.beside()
                .psql()
                .ifPresent(psql -> subjects.add(
                        new WholeProcess(new Series("startup", "version", "psql"), List.of(psql, "--version"))));
        subjects.add(rf(bed, "version", "--version"));
        subjects.add(rf(bed, "views-list", "views", "list"));
        subjects.add(rf(bed, "query", "query", "--gender", "male"));
        return new StartupScenario(List.copyOf(subjects));
    }

    private static WholeProcess rf(Bed bed, String name, String... arguments) {
        return new WholeProcess(
                new Series("startup", name, "rf"),
                Stream.concat(bed.beside().program().stream(), Stream.of(arguments))
                        .toList());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    /** A program that is run to its end, which must be a good one. */
    private record WholeProcess(Series series, List<String> command) implements Subject {
        @Override
        public Sample run(Pace pace) throws IOException, InterruptedException {
            List<Long> latencies = new ArrayList<>();
            once();
            long start = System.nanoTime();
            long now = start;
            while (now - start < pace.duration().toNanos()) {
                once();
                long ended = System.nanoTime();
                latencies.add(ended - now);
                now = ended;
            }
            return new Sample(
                    new Latencies(latencies.stream().mapToLong(Long::longValue)),
                    0,
                    (now - start) / 1e9,
                    OptionalDouble.empty());
        }

        private void once() throws IOException, InterruptedException {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            process.getOutputStream().close();
            int code;
            try {
                code = process.waitFor();
            } finally {
                process.destroy();
            }
            if (code != 0) {
                throw Failure.failed(String.format(Locale.ROOT, "a process that is measured ended with %d", code))
                        .note("try", "rf " + series.query().replace('-', ' '));
            }
        }
    }
}
