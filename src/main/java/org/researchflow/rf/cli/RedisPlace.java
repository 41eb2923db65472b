package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.ConnectionResolver;
import org.researchflow.rf.sandbox.SandboxAddress;
import org.researchflow.rf.speed.RedisSettings;
import org.researchflow.rf.speed.Retention;

/** The Redis that a command works with, as configured. */
final class RedisPlace {

    private RedisPlace() {}

    /** The sandbox's where that is asked for, or where nothing is configured; empty where there is none at all. */
    static Optional<RedisSettings> find(Invocation rf) {
        Environment environment = rf.environment();
        if (rf.options().sandbox()) {
            return sandbox(rf);
        }
        Optional<RedisSettings> typed = rf.options().redisUrl().map(url -> typed(url, rf));
        if (typed.isPresent()) {
            return typed.map(settings -> asConfigured(settings, environment));
        }
        for (String variable : new String[] {"RF_REDIS_URL", "REDIS_URL"}) {
            Optional<String> url = environment.get(variable);
            if (url.isPresent()) {
                return Optional.of(asConfigured(parsed(url.get(), variable, rf), environment));
            }
        }
        return isDatabaseConfigured(rf) ? Optional.empty() : sandbox(rf);
    }

    static RedisSettings require(Invocation rf) {
        return find(rf).orElseThrow(() -> Failure.usage("no Redis is configured")
                .note("try", "--redis-url redis://host:6379   or   RF_REDIS_URL=redis://host:6379")
                .note("try", "--sandbox, which has one of its own"));
    }

    /** Whether the speed layer is wanted, where there is one. */
    static boolean isUsed(Environment environment) {
        return environment
                .get("RF_USE_SPEED_LAYER")
                .or(() -> environment.get("USE_SPEED_LAYER"))
                .filter(text -> text.toLowerCase(Locale.ROOT).equals("false"))
                .isEmpty();
    }

    /** How long changes are kept, where a command does not say. */
    static Retention retention(Environment environment) {
        return environment
                .get("RF_KEEP")
                .map(text -> KeepFlag.parse("RF_KEEP", text.split(",", -1)))
                .orElse(Retention.DEFAULT);
    }

    private static Optional<RedisSettings> sandbox(Invocation rf) {
        return Workplace.sandbox(rf)
                .running()
                .flatMap(SandboxAddress::redisUri)
                .map(uri -> RedisSettings.of(uri, rf.options().redisPrefix(rf.environment())));
    }

    private static boolean isDatabaseConfigured(Invocation rf) {
        return ConnectionResolver.resolve(
                        rf.options().dbUrl(),
                        rf.environment().variables(),
                        rf.environment().home(),
                        System.getProperty("user.name"))
                .isPresent();
    }

    private static RedisSettings typed(String url, Invocation rf) {
        RedisSettings settings = parsed(url, "--redis-url", rf);
        if (settings.password().isPresent()) {
            throw Failure.usage("--redis-url holds a password, and every user of this machine can read a command line")
                    .note("try", "the same URL in RF_REDIS_URL, or a file that RF_REDIS_PASSWORD_FILE names");
        }
        return settings;
    }

    private static RedisSettings parsed(String url, String from, Invocation rf) {
        try {
            return RedisSettings.of(url, rf.options().redisPrefix(rf.environment()));
        } catch (Failure e) {
            throw e.note("from", from);
        }
    }

    private static RedisSettings asConfigured(RedisSettings settings, Environment environment) {
        return environment
                .get("RF_REDIS_CA_FILE")
                .map(file -> trusting(letIn(settings, environment), Path.of(file)))
                .orElseGet(() -> letIn(settings, environment));
    }

    private static RedisSettings trusting(RedisSettings settings, Path file) {
        if (!Files.isReadable(file)) {
            throw Failure.usage("cannot read the certificates that Redis is trusted by")
                    .note("from", "RF_REDIS_CA_FILE: " + file);
        }
        return settings.trusting(file);
    }

    private static RedisSettings letIn(RedisSettings settings, Environment environment) {
        Optional<String> file = environment.get("RF_REDIS_PASSWORD_FILE");
        if (file.isEmpty()) {
            return settings;
        }
        try {
            return settings.withPassword(Files.readString(Path.of(file.get()), StandardCharsets.UTF_8)
                    .strip());
        } catch (IOException e) {
            throw Failure.usage("cannot read the password of Redis")
                    .note("from", "RF_REDIS_PASSWORD_FILE: " + file.get())
                    .causedBy(e);
        }
    }
}
