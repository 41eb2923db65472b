package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.config.Configuration;
import org.researchflow.rf.sandbox.SandboxAddress;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.Retention;

/** The Redis that a command works with, as configured. */
final class RedisPlace {

    private RedisPlace() {}

    /** The sandbox's where that is asked for, or where nothing is configured; empty where there is none at all. */
    static Optional<RedisSettings> find(Invocation rf) {
        if (rf.options().sandbox()) {
            return sandbox(rf);
        }
        Optional<ConfigValue> url = rf.configuration().get(ConfigKey.REDIS_URL);
        if (url.isPresent()) {
            return url.map(found -> at(found, rf));
        }
        return Workplace.configured(rf).isPresent() ? Optional.empty() : sandbox(rf);
    }

    static RedisSettings require(Invocation rf) {
        return find(rf).orElseThrow(() -> Failure.usage("no Redis is configured")
                .note("try", "--redis-url redis://host:6379   or   RF_REDIS_URL=redis://host:6379")
                .note("try", "--sandbox, which has one of its own"));
    }

    /** How long changes are kept, where a command does not say. */
    static Retention retention(Configuration configuration) {
        return configuration
                .get(ConfigKey.REDIS_KEEP)
                .map(value -> KeepFlag.parse(value.origin(), value.text().split(",", -1)))
                .orElse(Retention.DEFAULT);
    }

    private static Optional<RedisSettings> sandbox(Invocation rf) {
        return Workplace.sandbox(rf)
                .running()
                .flatMap(SandboxAddress::redisUri)
                .map(uri -> RedisSettings.of(uri, prefix(rf)));
    }

    private static String prefix(Invocation rf) {
        return rf.configuration()
                .get(ConfigKey.REDIS_PREFIX)
                .map(ConfigValue::text)
                .orElse("");
    }

    private static RedisSettings at(ConfigValue url, Invocation rf) {
        RedisSettings settings;
        try {
            settings = RedisSettings.of(url.text(), prefix(rf));
        } catch (Failure e) {
            throw e.note("from", url.origin());
        }
        if (url.source() == ConfigValue.Source.FLAG && settings.password().isPresent()) {
            throw Failure.usage("--redis-url holds a password, and every user of this machine can read a command line")
                    .note("try", "the same URL in RF_REDIS_URL, or a file that RF_REDIS_PASSWORD_FILE names");
        }
        RedisSettings trusting = rf.configuration()
                .get(ConfigKey.REDIS_CA_FILE)
                .map(file -> settings.trusting(readable(file, rf.configuration())))
                .orElse(settings);
        return rf.configuration()
                .get(ConfigKey.REDIS_PASSWORD_FILE)
                // A file's password is for the Redis that a file names, and has no business at another one.
                .filter(file -> file.source() != ConfigValue.Source.FILE || url.source() == ConfigValue.Source.FILE)
                .map(file -> trusting.withPassword(password(file, rf.configuration())))
                .orElse(trusting);
    }

    private static Path readable(ConfigValue value, Configuration configuration) {
        Path file = configuration.file(value);
        if (!Files.isReadable(file)) {
            throw Failure.usage("cannot read the certificates that Redis is trusted by")
                    .note("from", value.origin() + ": " + file);
        }
        return file;
    }

    private static String password(ConfigValue value, Configuration configuration) {
        Path file = configuration.file(value);
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw Failure.usage("cannot read the password of Redis")
                    .note("from", value.origin() + ": " + file)
                    .causedBy(e);
        }
    }
}
