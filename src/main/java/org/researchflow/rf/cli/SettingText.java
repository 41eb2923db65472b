package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What somebody set by an option or, without it, by a variable.
 *
 * @param name of the one that was used
 * @param text as it was given
 */
record SettingText(String name, String text) {

    static Optional<SettingText> of(String option, @Nullable String given, String variable, Environment environment) {
        return given == null
                ? environment.get(variable).map(value -> new SettingText(variable, value))
                : Optional.of(new SettingText(option, given));
    }

    Duration time() {
        return TimeText.parse(name, text);
    }
}
