package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.researchflow.rf.Failure;

/**
 * A file for other programs, of which nobody ever reads half.
 *
 * @param option that names it
 */
record WholeFile(String option, Path path) {

    /** Finds out before long work that it could not be written. */
    WholeFile {
        if (Files.isDirectory(path)) {
            throw Failure.usage(option + " names a folder: " + path)
                    .note("try", option + " " + path.resolve(option.equals("--metrics-file") ? "rf.prom" : "rf.json"));
        }
        if (!Files.isWritable(folder(path))) {
            throw Failure.usage("cannot write " + option + " " + path)
                    .note("why", "its folder does not exist, or is not writable");
        }
    }

    private static Path folder(Path path) {
        return Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(path.toAbsolutePath());
    }

    void write(String text) throws IOException {
        // Not a "temporary file" of Java's, which only its owner may read.
        Path whole = folder(path)
                .resolve(
                        "." + path.getFileName() + "." + ProcessHandle.current().pid());
        Files.writeString(whole, text, StandardCharsets.UTF_8);
        Files.move(whole, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
