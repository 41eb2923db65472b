package org.researchflow.rf.cli;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The environment variables, read once, and the folders that they name.
 *
 * @param variables name to value
 */
public record Environment(Map<String, String> variables) {
    public Environment {
        variables = Map.copyOf(variables);
    }

    public static Environment of(Map<String, String> variables) {
        return new Environment(variables);
    }

    /** The variable's value; a variable set to nothing counts as not set. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
    }

    public Path home() {
        return Path.of(get("HOME").orElseGet(() -> System.getProperty("user.home", "/")));
    }

    /** Where rf keeps what it cannot make again, such as the sandbox's databases. */
    public Path dataFolder() {
        return folder("XDG_DATA_HOME", ".local/share");
    }

    public Path cacheFolder() {
        return folder("XDG_CACHE_HOME", ".cache");
    }

    public Path stateFolder() {
        return folder("XDG_STATE_HOME", ".local/state");
    }

    /** The XDG specification says that a relative path in these variables is to be ignored. */
    private Path folder(String variable, String standard) {
        return get(variable)
                .map(Path::of)
                .filter(Path::isAbsolute)
                .orElseGet(() -> home().resolve(standard))
                .resolve("rf");
    }
}
