package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.Configuration;
import org.researchflow.rf.load.Instants;
import org.researchflow.rf.rest.Credentials;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of polling a FHIR server over REST. */
final class FeedFlags {

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description =
                    "With a URL: a resource type to read; can be repeated (default: those of the views and of what"
                            + " was loaded).")
    private List<String> types = List.of();

    @Option(
            names = "--overlap",
            paramLabel = "TIME",
            description = "With a URL: begin each round so long before the last one ended (default: 5m).")
    private String overlap = "5m";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "With a URL: where a type begins that was never read (default: the --as-of of rf load).")
    private @Nullable String since;

    @Mixin
    private FhirLogin login = new FhirLogin();

    List<String> types() {
        return types;
    }

    Duration overlap() {
        return TimeText.parse("--overlap", overlap);
    }

    Optional<Instant> since() {
        return Optional.ofNullable(since)
                .map(text -> Instants.parse(text)
                        .orElseThrow(() -> Failure.usage("--since is no time with an offset: " + text)
                                .note("try", "--since 2026-01-31T00:00:00Z")));
    }

    Credentials credentials(Configuration configuration) {
        return login.credentials(configuration);
    }

    /**
     * What stands in a file, but for space around it.
     *
     * @param what it is, in words
     */
    static String secret(Path file, String what) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw Failure.usage("cannot read " + what)
                    .note("from", file.toString())
                    .causedBy(e);
        }
    }
}
