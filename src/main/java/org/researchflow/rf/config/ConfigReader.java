package org.researchflow.rf.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;

/** TOML text to a {@link ConfigFile}. No message repeats a value, which may be a password in the wrong place. */
final class ConfigReader {

    private static final String DEFAULT_PROFILE = "default_profile";
    private static final String PROFILES = "profile";

    private static final String EXPECTED = ", expected ";
    private static final Pattern SAID_TWICE = Pattern.compile("(?:previously|already) defined at line ([0-9]+)");

    private static final Set<PosixFilePermission> OF_OTHERS =
            Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

    private final String shownAs;
    private final List<Failure> problems = new ArrayList<>();

    private ConfigReader(String shownAs) {
        this.shownAs = shownAs;
    }

    static ConfigFile read(Path file, String shownAs) {
        ConfigReader reader = new ConfigReader(shownAs);
        try {
            ConfigFile read = reader.read(Files.readString(file, StandardCharsets.UTF_8));
            return holdsSecret(read) && othersCanRead(file)
                    ? reader.file(
                            read,
                            List.of(shownAs + " holds a password, and others can read it; run  chmod 600 " + shownAs))
                    : read;
        } catch (IOException e) {
            reader.problems.add(Failure.usage("cannot read the configuration file " + shownAs)
                    .causedBy(e));
            return reader.file(Map.of(), Map.of(), Optional.empty());
        }
    }

    private ConfigFile read(String text) {
        TomlParseResult toml = Toml.parse(text);
        toml.errors().forEach(error -> problems.add(syntax(error)));
        if (!problems.isEmpty()) {
            return file(Map.of(), Map.of(), Optional.empty());
        }
        Map<String, Map<ConfigKey, ConfigValue>> profiles = new TreeMap<>();
        Optional<ConfigValue> defaultProfile = Optional.empty();
        Map<ConfigKey, ConfigValue> values = new LinkedHashMap<>();
        for (String name : toml.keySet()) {
            Object below = toml.get(List.of(name));
            if (name.equals(DEFAULT_PROFILE) && below instanceof String profile) {
                defaultProfile = Optional.of(new ConfigValue(profile, ConfigValue.Source.FILE, place(toml, name)));
            } else if (name.equals(PROFILES) && below instanceof TomlTable tables) {
                readProfiles(tables, profiles);
            } else {
                readTable(name, below, toml, values);
            }
        }
        return file(values, profiles, defaultProfile);
    }

    private void readProfiles(TomlTable tables, Map<String, Map<ConfigKey, ConfigValue>> profiles) {
        for (String name : tables.keySet()) {
            if (tables.get(List.of(name)) instanceof TomlTable profile) {
                Map<ConfigKey, ConfigValue> values = new LinkedHashMap<>();
                profile.keySet().forEach(table -> readTable(table, profile.get(List.of(table)), profile, values));
                profiles.put(name, values);
            } else {
                problems.add(Failure.usage("a profile is a table, and \"%s\" at %s is none"
                                .formatted(name, position(tables, name)))
                        .note("try", "[profile." + name + ".database]"));
            }
        }
    }

    private void readTable(String name, @Nullable Object below, TomlTable around, Map<ConfigKey, ConfigValue> values) {
        List<ConfigKey> known =
                ConfigKey.all().stream().filter(key -> key.table().equals(name)).toList();
        if (known.isEmpty()) {
            Collection<String> tables = Stream.concat(
                            ConfigKey.all().stream().map(ConfigKey::table), Stream.of(PROFILES, DEFAULT_PROFILE))
                    .distinct()
                    .toList();
            problems.add(unknown(
                    "no settings named \"" + name + "\" at " + position(around, name),
                    Suggestion.nearest(name, tables),
                    tables));
        } else if (below instanceof TomlTable table) {
            table.keySet().forEach(setting -> readSetting(setting, table, known, values));
        } else {
            problems.add(Failure.usage("\"%s\" at %s is a table".formatted(name, position(around, name)))
                    .note(
                            "try",
                            "[" + name + "]   and below it   "
                                    + known.getFirst().nameInTable() + " = …"));
        }
    }

    private void readSetting(String name, TomlTable table, List<ConfigKey> known, Map<ConfigKey, ConfigValue> values) {
        Optional<ConfigKey> key =
                known.stream().filter(each -> each.nameInTable().equals(name)).findFirst();
        if (key.isEmpty()) {
            List<String> names = known.stream().map(ConfigKey::nameInTable).toList();
            problems.add(unknown(
                    "no setting \"%s\" in [%s] at %s"
                            .formatted(name, known.getFirst().table(), position(table, name)),
                    Suggestion.nearest(name, names),
                    names));
            return;
        }
        Object value = table.get(List.of(name));
        Optional<String> text = Optional.ofNullable(value instanceof TomlArray array ? array.toList() : value)
                .flatMap(key.get().form()::text)
                .filter(key.get().form()::fits);
        text.ifPresentOrElse(
                found -> values.put(key.get(), new ConfigValue(found, ConfigValue.Source.FILE, place(table, name))),
                () -> problems.add(Failure.usage("%s at %s has a value that it cannot have"
                                .formatted(key.get().key(), position(table, name)))
                        .note("why", "it takes " + key.get().form().inWords())));
    }

    private static Failure unknown(String what, Optional<String> near, Collection<String> names) {
        Failure failure = Failure.usage(what);
        return near.map(name -> failure.note("did you mean", name))
                .orElseGet(() -> failure.note("try", "one of " + String.join(", ", names)));
    }

    /**
     * TOML's own words are "Unexpected 'this', expected that", and "this" may be a piece of a password: only what was
     * expected is passed on.
     */
    private Failure syntax(TomlParseError error) {
        String message = String.valueOf(error.getMessage());
        Failure failure = Failure.usage("invalid TOML at " + at(error.position()));
        Matcher twice = SAID_TWICE.matcher(message);
        if (twice.find()) {
            return failure.note("why", "the same stands in line " + twice.group(1) + " already");
        }
        int expected = message.lastIndexOf(EXPECTED);
        if (expected >= 0) {
            failure.note("why", message.substring(expected + ", ".length()));
        }
        return failure.note("try", "text stands in quotes:  host = \"db.example.org\"");
    }

    private String position(TomlTable table, String name) {
        return Optional.ofNullable(table.inputPositionOf(List.of(name)))
                .map(this::at)
                .orElse(shownAs);
    }

    private String at(TomlPosition position) {
        return shownAs + ":" + position.line() + ":" + position.column();
    }

    /** Where a value stands: its line is enough, a setting has one of its own. */
    private String place(TomlTable table, String name) {
        return Optional.ofNullable(table.inputPositionOf(List.of(name)))
                .map(position -> shownAs + ":" + position.line())
                .orElse(shownAs);
    }

    private ConfigFile file(
            Map<ConfigKey, ConfigValue> values,
            Map<String, Map<ConfigKey, ConfigValue>> profiles,
            Optional<ConfigValue> defaultProfile) {
        return new ConfigFile(shownAs, values, profiles, defaultProfile, problems, List.of());
    }

    private ConfigFile file(ConfigFile read, List<String> warnings) {
        return new ConfigFile(
                shownAs, read.values(), read.profiles(), read.defaultProfile(), read.problems(), warnings);
    }

    private static boolean holdsSecret(ConfigFile file) {
        return Stream.concat(Stream.of(file.values()), file.profiles().values().stream())
                .flatMap(values -> values.entrySet().stream())
                .anyMatch(entry -> entry.getValue().isSecret(entry.getKey()));
    }

    private static boolean othersCanRead(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view != null && view.readAttributes().permissions().stream().anyMatch(OF_OTHERS::contains);
    }
}
