package org.researchflow.rf.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.researchflow.rf.Failure;

/** A program run to its end, with what it printed. It sees no environment of ours, so none can lead it astray. */
record ChildProcess(int exit, String output) {

    private static final long SECONDS = 60;

    /** Runs a program in a folder; the servers it starts may live on and keep nothing of ours open. */
    static ChildProcess run(Path folder, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        builder.environment().put("LC_ALL", "C");
        try {
            // A file and not a pipe: a server that inherits a pipe would keep us waiting for its end.
            Path output = Files.createTempFile(folder, "output", "");
            try {
                Process process = builder.redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                process.getOutputStream().close();
                return finished(process, command, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ChildProcess finished(Process process, List<String> command, Path output) throws IOException {
        try {
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw Failure.failed(command.getFirst() + " did not finish within " + SECONDS + " s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw Failure.failed("interrupted while " + command.getFirst() + " ran")
                    .causedBy(e);
        }
        try (InputStream text = Files.newInputStream(output)) {
            return new ChildProcess(
                    process.exitValue(), new String(text.readAllBytes(), StandardCharsets.UTF_8).strip());
        }
    }

    boolean succeeded() {
        return exit == 0;
    }
}
