package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The systemd units and the crontab that are installed with rf. */
class UnitsTest {

    private static final Path SYSTEMD = Path.of("dist/systemd");

    @TempDir
    private Path folder;

    private static List<Path> units() throws IOException {
        try (Stream<Path> files = Files.list(SYSTEMD)) {
            return files.sorted().toList();
        }
    }

    @Test
    void everyCommandInThemParses() throws IOException {
        List<String> commands = new ArrayList<>();
        for (Path unit : units()) {
            Files.readAllLines(unit).stream()
                    .filter(line -> line.startsWith("ExecStart="))
                    .forEach(line -> commands.add(line.replace("ExecStart=/usr/local/bin/rf ", "")));
        }
        Files.readAllLines(Path.of("dist/cron/rf")).stream()
                .filter(line -> line.matches("[0-9*].*"))
                .forEach(line -> commands.add(line.replaceFirst("^(\\S+ +){5}rf +rf ", "")));
        assertThat(commands)
                .hasSize(5)
                .allMatch(command -> command.startsWith("views ") || command.startsWith("poll-fhir "));
        for (String command : commands) {
            assertThat(new CommandTree(Commands.ALL).parse(command.split(" ")))
                    .as(command)
                    .hasSize(command.startsWith("views ") ? 3 : 2);
        }
    }

    @Test
    void systemdTakesTheUnits() throws IOException, InterruptedException {
        assumeThat(Path.of("/usr/bin/systemd-analyze")).isExecutable();
        List<String> words = new ArrayList<>(List.of("/usr/bin/systemd-analyze", "verify", "--man=no"));
        for (Path unit : units()) {
            // It looks whether the program is there, and rf need not be installed.
            String text = Files.readString(unit).replace("/usr/local/bin/rf ", "/bin/true ");
            words.add(Files.writeString(folder.resolve(unit.getFileName().toString()), text)
                    .toString());
        }
        Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).doesNotContain(folder.toString());
    }
}
