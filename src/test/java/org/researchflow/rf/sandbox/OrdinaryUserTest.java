package org.researchflow.rf.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** Whoever is not root needs no detour to run PostgreSQL: shown, by root, in a process of nobody. */
@DisabledIfSystemProperty(
        named = "embedded.postgres.binaries.version",
        matches = "1[4-6]\\..*",
        disabledReason = "the sandbox wants the locale provider that PostgreSQL has had since 17")
class OrdinaryUserTest {

    private static final int NOBODY = 65534;

    @TempDir
    Path home;

    @Test
    void ordinaryUserStartsAndStopsIt() throws Exception {
        Path mine = Files.createDirectory(home.resolve("mine"));
        assumeTrue(Files.getAttribute(mine, "unix:uid").equals(0), "only root can become another user");
        Files.setAttribute(mine, "unix:uid", NOBODY);
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxr-xr-x"));
        // The right to read what is not nobody's, because the class path is below root's own folder.
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + NOBODY,
                "--regid=" + NOBODY,
                "--clear-groups",
                "--inh-caps=+dac_override",
                "--ambient-caps=+dac_override"));
        assumeTrue(new ProcessBuilder(append(command, "true")).start().waitFor() == 0, "setpriv is not allowed");
        Process process = new ProcessBuilder(append(
                        command,
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        StartAndStop.class.getName(),
                        mine.toString()))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(Files.getAttribute(mine.resolve("sandbox/postgres"), "unix:uid"))
                .isEqualTo(NOBODY);
    }

    private static List<String> append(List<String> command, String... words) {
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(words));
        return all;
    }

    /** What the process of nobody does. */
    static final class StartAndStop {

        private StartAndStop() {}

        public static void main(String[] arguments) {
            Sandbox sandbox = Sandbox.at(Path.of(arguments[0]));
            sandbox.start(Progress.SILENT);
            if (!sandbox.status().running() || !sandbox.stop()) {
                throw new IllegalStateException(sandbox.status().toString());
            }
        }
    }
}
