package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigFile;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigTemplate;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.config.Configuration;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.fhir.Suggestion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf config} and what is below it. */
final class ConfigCommands {

    private ConfigCommands() {}

    /** {@code rf config}. */
    @Command(
            description = {
                "What rf is told to do, and by whom.",
                "Flags are stronger than rf's own variables (RF_…), these than those of other programs (PGHOST,"
                        + " DATABASE_URL, …), these than ~/.config/rf/config.toml, that than the system's files"
                        + " /etc/xdg/rf/config.toml and /etc/rf/config.toml, these than defaults.",
                "A profile stands where it was chosen: by --profile right below the flags, by RF_PROFILE below rf's own"
                        + " variables, by default_profile with the files."
            },
            footer = {"rf config show --origin", "rf config init", "rf config validate"})
    static final class Group {}

    /** The names of settings, for completions. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(ConfigKey.keys());
        }
    }

    /** {@code rf config show}. */
    @Command(
            description = {
                "Shows the settings as they hold.",
                "What the database's URL says is shown as the host, port, name and user that it leads to. Passwords are"
                        + " shown as ***."
            },
            footer = {"rf config show --origin", "rf config show query.runner", "rf config show database -o json"})
    static final class Show implements Action {

        @Parameters(
                paramLabel = "NAME",
                arity = "0..1",
                completionCandidates = Names.class,
                description = "A setting such as query.runner, or a table of them such as query (default: all).")
        private @Nullable String name;

        @Option(names = "--origin", description = "Say where each value came from.")
        private boolean origin;

        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            List<ConfigKey> keys = keys();
            Map<ConfigKey, ConfigValue> values =
                    new LinkedHashMap<>(rf.configuration().given());
            Optional<ConnectionSettings> connection = Workplace.configured(rf);
            connection.map(ConnectionSetting::of).ifPresent(values::putAll);
            List<Field> fields = new ArrayList<>(List.of(Field.text("SETTING", "name"), Field.text("VALUE", "value")));
            boolean table = rf.output().format() == OutputFormat.TABLE;
            if (origin || !table) {
                fields.add(Field.text("ORIGIN", "origin"));
            }
            rf.output().rows(new Answer("rf.config/v1", "settings", fields), sink -> {
                for (ConfigKey key : keys) {
                    Optional<ConfigValue> value = Optional.ofNullable(values.get(key));
                    List<@Nullable Object> row = new ArrayList<>();
                    row.add(key.key());
                    row.add(value.map(found -> found.shown(key))
                            .or(key::standard)
                            .orElse(null));
                    if (fields.size() > 2) {
                        row.add(value.map(ConfigValue::origin)
                                .or(() -> key.standard().map(_ -> "default"))
                                .orElse(null));
                    }
                    sink.rowOf(row);
                }
                sink.about(
                        "files",
                        rf.configuration().files().stream()
                                .map(ConfigFile::shownAs)
                                .toList());
            });
            rf.configuration().warnings().forEach(rf.messages()::warning);
            connection.ifPresent(found -> found.warnings().forEach(rf.messages()::warning));
            return ExitCode.DONE;
        }

        private List<ConfigKey> keys() {
            List<ConfigKey> all = ConfigKey.all();
            @Nullable String wanted = name;
            if (wanted == null) {
                return all;
            }
            List<ConfigKey> keys = all.stream()
                    .filter(key -> key.key().equals(wanted) || key.table().equals(wanted))
                    .toList();
            if (keys.isEmpty()) {
                Failure failure = Failure.usage("no setting named \"" + Printable.line(wanted) + '"');
                Suggestion.nearest(wanted, names())
                        .ifPresentOrElse(
                                near -> failure.note("did you mean", near),
                                () -> failure.note("try", "rf config show"));
                throw failure;
            }
            return keys;
        }

        /** What can be asked for. */
        private static List<String> names() {
            return Stream.concat(ConfigKey.all().stream().map(ConfigKey::table), ConfigKey.keys().stream())
                    .distinct()
                    .toList();
        }
    }

    /** {@code rf config init}. */
    @Command(
            description = {
                "Writes a configuration file to begin with.",
                "It goes to ~/.config/rf/config.toml, readable by you alone, with every setting as a comment; global"
                        + " options given with it are set. A file that is there is left alone."
            },
            footer = {
                "rf config init",
                "rf config init --db-url postgresql://rf@db.example.org/hapi",
                "rf config init --print"
            })
    static final class Init implements Action {

        @Option(names = "--print", description = "Print it instead of writing a file.")
        private boolean print;

        @Override
        public ExitCode run(Invocation rf) throws IOException {
            String text = ConfigTemplate.of(checked(rf.options().typed()));
            if (print) {
                rf.output().text(text);
                return ExitCode.DONE;
            }
            Configuration configuration = rf.configuration();
            Path file = configuration.userFile();
            String shown = configuration.shown(file);
            try {
                Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                Files.writeString(file, text, StandardCharsets.UTF_8, StandardOpenOption.WRITE);
            } catch (FileAlreadyExistsException e) {
                throw Failure.usage("there is a configuration file already: " + shown)
                        .note("try", "rf config init --print     to look at what it would hold")
                        .causedBy(e);
            } catch (IOException e) {
                throw Failure.failed("cannot write " + shown).causedBy(e);
            }
            rf.output().document("rf.config/v1", Map.of("file", file.toString()), shown);
            return ExitCode.DONE;
        }

        private static Map<ConfigKey, String> checked(Map<ConfigKey, String> typed) {
            typed.forEach((key, text) -> {
                if (!key.form().fits(text)) {
                    throw Failure.usage(key.flag().orElse(key.key()) + " has a value that it cannot have")
                            .note("why", "it takes " + key.form().inWords());
                }
            });
            return typed;
        }
    }

    /** {@code rf config validate}. */
    @Command(
            description = {
                "Checks configuration files.",
                "Every problem of every file is shown with its place. The exit code is 2 if there is any."
            },
            footer = {"rf config validate", "rf config validate /etc/rf/config.toml"})
    static final class Validate implements Action {

        private static final Answer ANSWER = Answer.of(
                "rf.configuration-files/v1",
                "files",
                Field.text("FILE", "file"),
                Field.count("SETTINGS", "settings"),
                Field.text("PROFILES", "profiles"),
                Field.text("VALID", "valid"));

        @Parameters(paramLabel = "FILE", arity = "0..*", description = "A file (default: those that rf reads).")
        private List<Path> files = List.of();

        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            Configuration configuration = rf.configuration();
            List<ConfigFile> read = files.isEmpty()
                    ? configuration.files()
                    : files.stream().map(configuration::read).toList();
            if (read.isEmpty()) {
                rf.messages()
                        .remark("there is no configuration file; write one with  rf config init  to  "
                                + configuration.shown(configuration.userFile()));
            }
            rf.output().rows(ANSWER, sink -> {
                for (ConfigFile file : read) {
                    Set<String> profiles = file.profiles().keySet();
                    sink.row(
                            file.shownAs(),
                            file.values().size(),
                            String.join(", ", profiles),
                            file.problems().isEmpty());
                    file.problems().forEach(problem -> rf.messages().error(problem, ExitCode.USAGE));
                    file.warnings().forEach(rf.messages()::warning);
                }
            });
            boolean valid = read.stream().allMatch(file -> file.problems().isEmpty());
            if (valid && files.isEmpty()) {
                // a profile that is chosen and not there is found by asking for any value
                configuration.given();
            }
            return valid ? ExitCode.DONE : ExitCode.USAGE;
        }
    }
}
