package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.researchflow.rf.TestDatabase;

/**
 * rf as it is packaged: the launcher of {@code dist/}, and behind it a jar that leads to the classes under test. With
 * {@code -Drf.test.dist=FOLDER} it is that whole package instead. Shell scripts find it as {@code rf}.
 */
final class PackagedRf {

    private static final int LONGEST_SECONDS = 120;

    private final Path folder;
    private final Path bin;
    private final Map<String, String> environment = new HashMap<>();

    private PackagedRf(Path folder, Path bin) {
        this.folder = folder;
        this.bin = bin;
    }

    /** Installs it into this empty folder, where everything that it writes goes, too. */
    static PackagedRf in(Path folder) throws IOException {
        String built = System.getProperty("rf.test.dist", "");
        if (built.isEmpty()) {
            copy(Path.of("dist", "bin"), folder.resolve("dist/bin"));
            copy(Path.of("dist", "libexec"), folder.resolve("dist/libexec"));
            Path lib = Files.createDirectories(folder.resolve("dist/lib"));
            writeJar(lib.resolve("rf.jar"));
            Files.writeString(lib.resolve("rf.version"), "0\n");
        }
        Path bin = (built.isEmpty() ? folder.resolve("dist") : Path.of(built))
                .resolve("bin")
                .toAbsolutePath();
        PackagedRf rf = new PackagedRf(folder, bin);
        rf.environment.put("PATH", bin + ":" + System.getenv("PATH"));
        rf.environment.put("HOME", folder.toString());
        rf.environment.put("XDG_CACHE_HOME", folder.resolve("cache").toString());
        rf.environment.put("XDG_CONFIG_DIRS", folder.resolve("none").toString());
        rf.environment.put("RF_JAVA", System.getProperty("java.home"));
        rf.environment.put("TERM", "xterm-256color");
        rf.environment.put("LC_ALL", "C.UTF-8");
        return rf;
    }

    PackagedRf on(TestDatabase database) {
        return with("RF_DB_URL", Rf.on(database).environment().get("RF_DB_URL"));
    }

    /** The same with one more variable. */
    PackagedRf with(String name, String value) {
        PackagedRf more = new PackagedRf(folder, bin);
        more.environment.putAll(environment);
        more.environment.put(name, value);
        return more;
    }

    Path folder() {
        return folder;
    }

    /** Where the command and what belongs to it is. */
    Path home() {
        return bin.resolve("..").normalize();
    }

    /** Runs a script of bash without any terminal. */
    Ended shell(String script) throws IOException, InterruptedException {
        return started(List.of("bash", "-c", "set -o pipefail; " + script)).end();
    }

    /** Runs a script of bash whose three streams are a terminal of so many columns; all that it shows is the answer. */
    Ended terminal(int columns, String script) throws IOException, InterruptedException {
        return onTerminal(columns, script).end();
    }

    /** The same, still running, with somebody at the keyboard. */
    Running onTerminal(int columns, String script) throws IOException {
        Path file = Files.createTempFile(folder, "typed", ".sh");
        // What is typed ahead is not to be seen twice.
        Files.writeString(file, "stty cols " + columns + " rows 50 -echo\n" + script + "\n");
        return started(List.of("script", "-qefc", "bash " + file, "/dev/null"));
    }

    private Running started(List<String> command) throws IOException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return new Running(builder.start(), out, err);
    }

    /** A script that runs. */
    record Running(Process process, Path out, Path err) {

        void type(String keys) throws IOException {
            OutputStream keyboard = process.getOutputStream();
            keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
            keyboard.flush();
        }

        Ended end() throws IOException, InterruptedException {
            assertThat(process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS))
                    .as("still running: " + Files.readString(out) + Files.readString(err))
                    .isTrue();
            // A terminal ends its lines with a carriage return as well.
            return new Ended(process.exitValue(), Files.readString(out).replace("\r\n", "\n"), Files.readString(err));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> found = Files.list(from)) {
            files = found.toList();
        }
        for (Path file : files) {
            Path copy = Files.copy(file, to.resolve(file.getFileName()));
            assertThat(copy.toFile().setExecutable(Files.isExecutable(file))).isTrue();
        }
    }

    private static void writeJar(Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        List<String> classPath =
                new ArrayList<>(List.of(System.getProperty("java.class.path").split(File.pathSeparator, -1)));
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        classPath.stream()
                                .map(entry -> Path.of(entry).toUri().toString())
                                .collect(Collectors.joining(" ")));
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream written = new JarOutputStream(file, manifest)) {
            written.flush();
        }
    }
}
