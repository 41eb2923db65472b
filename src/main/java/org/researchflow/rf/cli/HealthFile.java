package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/**
 * A file that tells how a service's last round went: what watches over the service reads it, or looks how old it is.
 *
 * @param path empty where nobody wants it
 */
record HealthFile(Optional<Path> path) {

    HealthFile {
        path.ifPresent(HealthFile::requireWritable);
    }

    private static void requireWritable(Path file) {
        if (Files.isDirectory(file) || !Files.isWritable(folder(file))) {
            throw Failure.usage("cannot write --health-file " + file)
                    .note("why", "it is a folder, or its folder does not exist or is not writable");
        }
    }

    private static Path folder(Path file) {
        return Optional.ofNullable(file.toAbsolutePath().getParent()).orElse(file.toAbsolutePath());
    }

    /** Writes it anew, so that nobody ever reads half of it. */
    void write(Map<String, @Nullable Object> content) throws IOException {
        if (path.isPresent()) {
            Path file = path.get();
            Path whole = folder(file)
                    .resolve("." + file.getFileName() + "."
                            + ProcessHandle.current().pid());
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("schema", "rf.poll/v1");
            document.putAll(content);
            Files.writeString(whole, JsonText.of(document) + "\n", StandardCharsets.UTF_8);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
