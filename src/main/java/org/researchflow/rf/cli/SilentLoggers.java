package org.researchflow.rf.cli;

import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * The loggers of Java's own classes, which say nothing: what {@link SilentLogging} is to libraries. Java looks for them in
 * all jars when the first library logs, and stops where it has found some.
 */
public final class SilentLoggers extends System.LoggerFinder {

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Silent(name);
    }

    private record Silent(String name) implements System.Logger {

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return false;
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
            // Nobody listens.
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... values) {
            // Nobody listens.
        }
    }
}
