package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file that tells how a service's last round went: what watches over the service reads it, or looks how old it is.
 *
 * @param file empty where nobody wants it
 */
record HealthFile(Optional<WholeFile> file) {

    static HealthFile at(Optional<Path> path) {
        return new HealthFile(path.map(file -> new WholeFile("--health-file", file)));
    }

    void write(Map<String, @Nullable Object> content) throws IOException {
        if (file.isPresent()) {
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("schema", "rf.poll/v1");
            document.putAll(content);
            file.get().write(JsonText.of(document) + "\n");
        }
    }
}
