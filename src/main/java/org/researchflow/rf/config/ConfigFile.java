package org.researchflow.rf.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.researchflow.rf.Failure;

/**
 * What a configuration file says, with all that is wrong with it.
 *
 * @param shownAs its name for people
 * @param values those outside of profiles
 * @param profiles by name
 * @param defaultProfile the one that counts when nobody names one
 * @param problems each with its place; what they are about is not among the values
 * @param warnings what is no mistake and yet to be mended
 */
public record ConfigFile(
        String shownAs,
        Map<ConfigKey, ConfigValue> values,
        Map<String, Map<ConfigKey, ConfigValue>> profiles,
        Optional<ConfigValue> defaultProfile,
        List<Failure> problems,
        List<String> warnings) {

    public ConfigFile {
        values = Map.copyOf(values);
        Map<String, Map<ConfigKey, ConfigValue>> copies = new TreeMap<>();
        profiles.forEach((name, below) -> copies.put(name, Map.copyOf(below)));
        profiles = copies;
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }
}
