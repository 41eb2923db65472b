package org.researchflow.rf.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;

/**
 * What everybody says that can configure rf, the strongest first: flags, rf's variables, those of other programs, the
 * person's file, the system's files, defaults. A profile stands where it was chosen: one by {@code --profile} right
 * below the flags, one by {@code RF_PROFILE} below rf's variables, a file's own default with the files.
 *
 * <p>Files are read when a value is first asked for that no flag gives, and only where they exist.
 */
public final class Configuration {

    /** Where values from files stand among the others. */
    public enum Rank {
        /** The profile that was chosen by a flag. */
        TYPED,
        /** The profile that a variable chose. */
        CHOSEN,
        /** The files themselves, and the profile that they choose. */
        FILES
    }

    private static final String PROFILE_VARIABLE = "RF_PROFILE";

    private final Map<String, String> environment;
    private final Path home;
    private final Map<ConfigKey, String> typed;
    private final Optional<String> typedProfile;
    private @Nullable List<ConfigFile> files;

    private Configuration(
            Map<String, String> environment, Path home, Map<ConfigKey, String> typed, Optional<String> typedProfile) {
        this.environment = environment;
        this.home = home;
        this.typed = typed;
        this.typedProfile = typedProfile;
    }

    /** What the variables say, and the files that they lead to. */
    public static Configuration of(Map<String, String> environment, Path home) {
        return new Configuration(environment, home, Map.of(), Optional.empty());
    }

    /**
     * The same, with what was typed.
     *
     * @param flags the values that global options have
     * @param profile the value of {@code --profile}
     */
    public Configuration with(Map<ConfigKey, String> flags, Optional<String> profile) {
        return new Configuration(environment, home, flags, profile);
    }

    /** The environment variables. */
    public Map<String, String> environment() {
        return environment;
    }

    public Path home() {
        return home;
    }

    /** The strongest value that somebody gave. */
    public Optional<ConfigValue> get(ConfigKey key) {
        return get(key, Optional.ofNullable(typed.get(key)));
    }

    /** The same for a command's own option, of which this is the value. */
    public Optional<ConfigValue> get(ConfigKey key, Optional<String> flag) {
        return flag.map(text -> new ConfigValue(
                        text, ConfigValue.Source.FLAG, key.flag().orElseThrow()))
                .or(() -> inFiles(key, Rank.TYPED))
                .or(() -> variable(key.ownVariables()))
                .or(() -> inFiles(key, Rank.CHOSEN))
                .or(() -> variable(key.otherVariables()))
                .or(() -> inFiles(key, Rank.FILES));
    }

    /** The strongest value, or the default, which the setting must have. */
    public ConfigValue require(ConfigKey key) {
        return get(key).orElseGet(
                        () -> new ConfigValue(key.standard().orElseThrow(), ConfigValue.Source.DEFAULT, "default"));
    }

    /** The same for a command's own option. */
    public ConfigValue require(ConfigKey key, Optional<String> flag) {
        return flag.isPresent() ? get(key, flag).orElseThrow() : require(key);
    }

    /**
     * Whether something is on.
     *
     * @throws Failure if its text is neither true nor false
     */
    public boolean isOn(ConfigKey key) {
        ConfigValue value = require(key);
        if (!key.form().fits(value.text())) {
            String other = String.valueOf(!Boolean.parseBoolean(key.standard().orElseThrow()));
            throw Failure.usage("\"" + value.text() + "\" is neither true nor false")
                    .note("from", value.origin())
                    .note("try", value.source() == ConfigValue.Source.VARIABLE ? value.origin() + "=" + other : other);
        }
        return Boolean.parseBoolean(value.text());
    }

    private Optional<ConfigValue> variable(List<String> names) {
        return names.stream()
                .flatMap(name -> Optional.ofNullable(environment.get(name))
                        .filter(text -> !text.isBlank())
                        .map(text -> new ConfigValue(text.strip(), ConfigValue.Source.VARIABLE, name))
                        .stream())
                .findFirst();
    }

    private Optional<ConfigValue> inFiles(ConfigKey key, Rank rank) {
        for (Map<ConfigKey, ConfigValue> layer : layers(rank)) {
            if (layer.containsKey(key)) {
                return Optional.ofNullable(layer.get(key));
            }
        }
        return Optional.empty();
    }

    /**
     * What files say at this rank, the strongest first.
     *
     * @throws Failure if a file is wrong, or the profile is none
     */
    public List<Map<ConfigKey, ConfigValue>> layers(Rank rank) {
        Optional<String> variable =
                Optional.ofNullable(environment.get(PROFILE_VARIABLE)).filter(name -> !name.isBlank());
        return switch (rank) {
            case TYPED -> typedProfile.map(name -> profile(name, "--profile")).orElse(List.of());
            case CHOSEN ->
                typedProfile.isPresent() || variable.isEmpty()
                        ? List.of()
                        : profile(variable.get().strip(), PROFILE_VARIABLE);
            case FILES -> {
                List<Map<ConfigKey, ConfigValue>> layers = new ArrayList<>();
                if (typedProfile.isEmpty() && variable.isEmpty()) {
                    sound().stream()
                            .flatMap(file -> file.defaultProfile().stream())
                            .findFirst()
                            .ifPresent(chosen -> layers.addAll(profile(chosen.text(), chosen.origin())));
                }
                sound().forEach(file -> layers.add(file.values()));
                yield layers;
            }
        };
    }

    private List<Map<ConfigKey, ConfigValue>> profile(String name, String origin) {
        List<Map<ConfigKey, ConfigValue>> layers = new ArrayList<>();
        Set<String> known = new LinkedHashSet<>();
        for (ConfigFile file : sound()) {
            known.addAll(file.profiles().keySet());
            if (file.profiles().containsKey(name)) {
                layers.add(file.profiles().getOrDefault(name, Map.of()));
            }
        }
        if (layers.isEmpty()) {
            Failure failure = Failure.usage("no profile named \"" + name + '"').note("from", origin);
            Suggestion.nearest(name, known)
                    .ifPresentOrElse(
                            near -> failure.note("did you mean", near),
                            () -> failure.note(
                                    "try",
                                    known.isEmpty()
                                            ? "[profile." + name + ".database]  in  " + shown(userFile())
                                            : "one of " + String.join(", ", known)));
            throw failure;
        }
        return layers;
    }

    /** The files, if nothing is wrong with them. */
    private List<ConfigFile> sound() {
        List<ConfigFile> read = files();
        for (ConfigFile file : read) {
            if (!file.problems().isEmpty()) {
                Failure first = file.problems().getFirst();
                Failure failure = Failure.usage(first.what());
                first.notes().forEach((label, notes) -> notes.forEach(note -> failure.note(label, note)));
                if (file.problems().size() > 1) {
                    failure.note("see", (file.problems().size() - 1) + " more with  rf config validate");
                }
                throw failure;
            }
        }
        return read;
    }

    /** The files that there are, the strongest first, right or wrong. */
    public List<ConfigFile> files() {
        List<ConfigFile> read = files;
        if (read == null) {
            read = places().stream()
                    .filter(Files::isRegularFile)
                    .map(this::read)
                    .toList();
            files = read;
        }
        return read;
    }

    /** A file, whatever its name. */
    public ConfigFile read(Path file) {
        return ConfigReader.read(file, shown(file));
    }

    /** The person's own file, whether there is one or not. */
    public Path userFile() {
        return folder("XDG_CONFIG_HOME")
                .orElseGet(() -> home.resolve(".config"))
                .resolve("rf/config.toml");
    }

    /** Where files are looked for, the strongest first. */
    public List<Path> places() {
        Set<Path> places = new LinkedHashSet<>();
        places.add(userFile());
        String folders = Optional.ofNullable(environment.get("XDG_CONFIG_DIRS"))
                .filter(text -> !text.isEmpty())
                .orElse("/etc/xdg");
        for (String folder : folders.split(":", -1)) {
            if (folder.startsWith("/")) {
                places.add(Path.of(folder).resolve("rf/config.toml"));
            }
        }
        places.add(Path.of("/etc/rf/config.toml"));
        return List.copyOf(places);
    }

    /** The XDG specification says that a relative path is to be ignored. */
    private Optional<Path> folder(String variable) {
        return Optional.ofNullable(environment.get(variable))
                .filter(text -> text.startsWith("/"))
                .map(Path::of);
    }

    /** A file as people write it. */
    public String shown(Path file) {
        return file.startsWith(home) ? "~/" + home.relativize(file) : file.toString();
    }

    /** The file that a setting names; {@code ~/} leads to the home folder. */
    public Path file(ConfigValue value) {
        return value.text().startsWith("~/") ? home.resolve(value.text().substring(2)) : Path.of(value.text());
    }

    /** What is no mistake in the files, and yet to be mended. */
    public List<String> warnings() {
        return files().stream().flatMap(file -> file.warnings().stream()).toList();
    }

    /** The names of all profiles. */
    public Set<String> profiles() {
        Set<String> names = new LinkedHashSet<>();
        files().forEach(file -> names.addAll(file.profiles().keySet()));
        return names;
    }

    /** Variables that look like rf's and are none, each with the one that may be meant. */
    public Map<String, Optional<String>> unknownVariables() {
        Set<String> known = new LinkedHashSet<>(FURTHER_VARIABLES);
        for (ConfigKey key : ConfigKey.all()) {
            known.addAll(key.ownVariables());
        }
        Map<String, Optional<String>> unknown = new LinkedHashMap<>();
        environment.keySet().stream()
                .filter(name -> name.startsWith("RF_") && !known.contains(name))
                .sorted()
                .forEach(name -> unknown.put(name, Suggestion.nearest(name, known)));
        return unknown;
    }

    /** rf's variables that are no settings: the launcher reads them, or what rf starts. */
    private static final List<String> FURTHER_VARIABLES = List.of(
            PROFILE_VARIABLE,
            "RF_LOG_FORMAT",
            "RF_JAVA",
            "RF_JAVA_OPTS",
            "RF_COMMAND",
            "RF_EXIT_CODE",
            "RF_FAILED_VIEWS",
            "RF_ERROR");

    /** All settings with their values, in the order of the table; those that nobody gave are left out. */
    public Map<ConfigKey, ConfigValue> given() {
        Map<ConfigKey, ConfigValue> given = new LinkedHashMap<>();
        for (ConfigKey key : ConfigKey.all()) {
            get(key).ifPresent(value -> given.put(key, value));
        }
        return given;
    }
}
