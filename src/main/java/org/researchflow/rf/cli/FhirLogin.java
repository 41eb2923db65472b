package org.researchflow.rf.cli;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.config.Configuration;
import org.researchflow.rf.rest.Credentials;
import picocli.CommandLine.Option;

/** What lets rf in at a FHIR server: the option that names a token's file, and the settings beside it. */
final class FhirLogin {

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "With a URL: a file that holds a bearer token (RF_FHIR_TOKEN_FILE; or RF_FHIR_TOKEN, or RF_FHIR_USER"
                            + " with RF_FHIR_PASSWORD_FILE or RF_FHIR_PASSWORD).")
    private @Nullable Path tokenFile;

    /**
     * The server's base URL, which shows no password.
     *
     * @param option that it is the value of
     */
    static URI base(String option, String text) {
        URI base;
        try {
            base = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw Failure.usage(option + " is no URL").causedBy(e);
        }
        if (base.getRawUserInfo() != null) {
            throw Failure.usage(option + " holds a password, and every user of this machine can read a command line")
                    .note("try", "RF_FHIR_USER and RF_FHIR_PASSWORD");
        }
        if (base.getHost() == null || base.getRawQuery() != null || base.getRawFragment() != null) {
            throw Failure.usage(option + " is no base URL of a FHIR server")
                    .note("try", option + " https://fhir.example.org/fhir");
        }
        return base;
    }

    Credentials credentials(Configuration configuration) {
        Optional<ConfigValue> file = configuration.get(
                ConfigKey.FHIR_TOKEN_FILE, Optional.ofNullable(tokenFile).map(Path::toString));
        if (file.isPresent()) {
            Path path = configuration.file(file.get());
            return bearer(FeedFlags.secret(path, "the FHIR server's token"), path.toString());
        }
        return configuration
                .get(ConfigKey.FHIR_TOKEN)
                .map(value -> bearer(value.text(), value.origin()))
                .or(() -> basic(configuration))
                .orElse(Credentials.NONE);
    }

    /** Java's own message about a header that it does not take quotes it. */
    private static Credentials bearer(String token, String origin) {
        if (!token.matches("[\\x21-\\x7e]+")) {
            throw Failure.usage("the FHIR server's token cannot be used")
                    .note("why", "it is empty, or has spaces, lines or others that a header cannot hold")
                    .note("from", origin);
        }
        return Credentials.bearer(token);
    }

    private static Optional<Credentials> basic(Configuration configuration) {
        Optional<String> user = configuration.get(ConfigKey.FHIR_USER).map(ConfigValue::text);
        Optional<String> password = configuration
                .get(ConfigKey.FHIR_PASSWORD_FILE)
                .map(file -> FeedFlags.secret(configuration.file(file), "the FHIR server's password"))
                .or(() -> configuration.get(ConfigKey.FHIR_PASSWORD).map(ConfigValue::text));
        if (user.isPresent() != password.isPresent()) {
            throw Failure.usage("a user and a password belong together")
                    .note("why", user.isPresent() ? "RF_FHIR_USER has no password" : "there is no RF_FHIR_USER")
                    .note("try", "RF_FHIR_USER=NAME   with   RF_FHIR_PASSWORD_FILE=FILE");
        }
        return user.map(name -> Credentials.basic(name, password.orElseThrow()));
    }
}
