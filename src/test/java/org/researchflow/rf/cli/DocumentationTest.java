package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The committed manual pages and completions say what the commands say. With {@code -Drf.golden=write} this writes
 * them.
 */
@Tag("golden")
class DocumentationTest {

    private static final Path SETTINGS = Path.of("docs", "SETTINGS.md");

    private static final CommandTree TREE = new CommandTree(Commands.ALL);

    @Test
    void manualPagesAndCompletionsAreCurrent() throws IOException {
        Map<Path, String> expected = generated();
        if (System.getProperty("rf.golden", "").equals("write")) {
            for (Path stale : committed()) {
                Files.delete(stale);
            }
            for (Map.Entry<Path, String> file : expected.entrySet()) {
                Files.createDirectories(file.getKey().getParent());
                Files.writeString(file.getKey(), file.getValue());
            }
        }
        assertThat(committed()).isEqualTo(new TreeSet<>(expected.keySet()));
        for (Map.Entry<Path, String> file : expected.entrySet()) {
            assertThat(file.getKey()).hasContent(file.getValue());
        }
    }

    @Test
    void everyArgumentIsDescribed() {
        specs(TREE.whole().getCommandSpec()).forEach(command -> {
            assertThat(command.usageMessage().description())
                    .as(command.qualifiedName())
                    .isNotEmpty();
            for (ArgSpec argument : command.args()) {
                assertThat(argument.description())
                        .as(command.qualifiedName() + " " + argument)
                        .isNotEmpty();
            }
        });
    }

    @Test
    void manualPagesPrintWithoutAWarning() throws IOException, InterruptedException {
        assumeTrue(new ProcessBuilder("sh", "-c", "command -v groff").start().waitFor() == 0, "groff is not installed");
        Process groff = new ProcessBuilder("sh", "-c", "groff -man -Tutf8 -Kutf8 -ww -z man/*.1 2>&1").start();
        try (BufferedReader warnings = groff.inputReader(StandardCharsets.UTF_8)) {
            assertThat(warnings.lines()).isEmpty();
        }
        assertThat(groff.waitFor()).isZero();
    }

    private static Map<Path, String> generated() {
        CommandLine root = TREE.whole();
        Map<Path, String> files = new LinkedHashMap<>();
        specs(root.getCommandSpec()).forEach(command -> {
            ManPage page = new ManPage(command, TREE);
            files.put(Path.of("man", page.fileName()), page.text());
        });
        files.put(SETTINGS, SettingsPage.text());
        for (CompletionCommand.Shell shell : CompletionCommand.Shell.values()) {
            files.put(Path.of("completions", "rf." + shell), shell.script(TREE));
        }
        return files;
    }

    private static Set<Path> committed() throws IOException {
        Set<Path> files = new TreeSet<>();
        if (Files.exists(SETTINGS)) {
            files.add(SETTINGS);
        }
        for (String folder : Arrays.asList("man", "completions")) {
            if (Files.isDirectory(Path.of(folder))) {
                try (Stream<Path> found = Files.list(Path.of(folder))) {
                    files.addAll(found.collect(Collectors.toSet()));
                }
            }
        }
        return files;
    }

    static Stream<CommandSpec> specs(CommandSpec command) {
        return Stream.concat(
                Stream.of(command),
                command.subcommands().values().stream().flatMap(below -> specs(below.getCommandSpec())));
    }
}
