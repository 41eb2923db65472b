package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What only a process of its own can show: pipes, the locale, closed streams, signals. */
@DisabledOnOs(OS.WINDOWS)
class ProcessTest {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    @TempDir
    private Path folder;

    private record Ended(int code, String out, String err) {}

    @Test
    void readerThatHasReadEnoughEndsIt() throws Exception {
        Ended ended = shell("set -o pipefail; rf views numbers --count 100000000 -o ndjson | head -1", Map.of());
        assertThat(ended).isEqualTo(new Ended(141, "{\"number\":0}\n", ""));
    }

    @Test
    void everyLocaleGetsUtf8() throws Exception {
        Ended ended = shell("rf query --gender männlich -q -o json", Map.of("LC_ALL", "C.UTF-8"));
        assertThat(ended.out()).contains("\"gender\":\"männlich\"");
        Ended posix = shell("rf views lisst; rf settings --db-url x | od -c | head -1", Map.of("LC_ALL", "C"));
        assertThat(posix.err()).contains("did you mean:  list ?");
        Ended help = shell("rf --help", Map.of("LC_ALL", "C"));
        assertThat(help.out()).contains("jdbc:postgresql://…");
    }

    @Test
    void closedStreamsDoNotHurt() throws Exception {
        assertThat(shell("rf views numbers --count 1 <&-", Map.of())).isEqualTo(new Ended(0, "NUMBER\n     0\n", ""));
        assertThat(shell("rf views create a >&-", Map.of()).code()).isEqualTo(3);
        assertThat(shell("rf query 2>&-", Map.of())).isEqualTo(new Ended(0, "30 patients\n", ""));
        Ended nowhere = shell("rf views numbers >&-", Map.of());
        assertThat(nowhere.code()).isEqualTo(1);
        assertThat(nowhere.err()).startsWith("rf: cannot write to standard output\n");
    }

    @Test
    void pipedStreamsAreNoTerminals() throws Exception {
        Ended ended = shell("rf views list", Map.of("TERM", "xterm"));
        assertThat(ended.out()).contains("4714").doesNotContain("\033");
    }

    @Test
    void versionIsAnsweredBeforePicocliLoads() throws Exception {
        String command = "exec '" + JAVA + "' -Xlog:class+load -cp \"$RF_TEST_CLASS_PATH\" " + Main.class.getName()
                + " --version";
        Ended ended = run(command, Map.of());
        assertThat(ended.out()).contains("rf " + Main.version()).doesNotContain("picocli.", "com.fasterxml");
    }

    @Test
    void signalsEndItWithTheirCodes() throws Exception {
        for (Map.Entry<String, Integer> signal : Map.of("INT", 130, "TERM", 143).entrySet()) {
            // An endless answer of which one line is read: the process is certainly at work.
            Path lines = folder.resolve(signal.getKey());
            Ended ended = shell(
                    "mkfifo '" + lines + "'; rf views numbers --count 2000000000 -o ndjson >'" + lines + "' & pid=$!; "
                            + "exec 3<'" + lines + "'; read -r line <&3; kill -" + signal.getKey()
                            + " $pid; cat <&3 >/dev/null; wait $pid",
                    Map.of());
            assertThat(ended.code()).as(signal.getKey()).isEqualTo(signal.getValue());
        }
    }

    /** Runs a script in which {@code rf} is the command line with the trial commands. */
    private Ended shell(String script, Map<String, String> variables) throws IOException, InterruptedException {
        Path rf = folder.resolve("rf");
        Files.writeString(
                rf,
                "#!/bin/sh\nexec '" + JAVA + "' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp \"$RF_TEST_CLASS_PATH\" "
                        + TrialCommands.class.getName() + " \"$@\"\n");
        assertThat(rf.toFile().setExecutable(true)).isTrue();
        // Job control, because a shell without it starts background commands with SIGINT ignored.
        return run("set -m; PATH='" + folder + "':$PATH; " + script, variables);
    }

    private Ended run(String script, Map<String, String> variables) throws IOException, InterruptedException {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(List.of("bash", "-c", script))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("RF_TEST_CLASS_PATH", System.getProperty("java.class.path"));
        builder.environment().putAll(variables);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
