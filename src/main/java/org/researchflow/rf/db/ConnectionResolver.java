package org.researchflow.rf.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.config.Configuration;

/**
 * Finds where the database is, as {@code psql} would: a URL ({@code --db-url}, {@code RF_DB_URL}, {@code DATABASE_URL}),
 * what it leaves open from the service file, then from the {@code PG*} variables, then rf's configuration files, the
 * password file and libpq's defaults. pgjdbc knows none of these by itself. One difference: without a host psql tries a
 * local socket, rf {@code localhost}.
 */
public final class ConnectionResolver {

    private static final int DEFAULT_PORT = 5432;
    private static final String DEFAULT_SOCKET_FOLDER = "/var/run/postgresql";

    private static final Pattern NOT_IN_A_HOST = Pattern.compile("[^\\p{L}\\p{N}._:%-]");

    /** Variables that choose a database and so stand before {@code DATABASE_URL}. */
    private static final List<Parameter> CHOICES =
            List.of(Parameter.SERVICE, Parameter.HOST, Parameter.HOSTADDR, Parameter.DATABASE);

    /** Variables that complete a {@code DATABASE_URL}, and choose a database where there is none. */
    private static final List<Parameter> COMPLETIONS = List.of(Parameter.PORT, Parameter.USER);

    private static final Set<String> IN_THE_URL = Set.of(
            Parameter.HOST.property(),
            Parameter.HOSTADDR.property(),
            Parameter.PORT.property(),
            Parameter.DATABASE.property(),
            Parameter.USER.property(),
            Parameter.PASSWORD.property(),
            Parameter.PASSWORD_FILE.property(),
            Parameter.SERVICE.property());

    /** What a configuration file can say of a connection, beside its URL and its password file. */
    private static final Map<ConfigKey, Parameter> IN_FILES = Map.of(
            ConfigKey.DATABASE_HOST, Parameter.HOST,
            ConfigKey.DATABASE_PORT, Parameter.PORT,
            ConfigKey.DATABASE_NAME, Parameter.DATABASE,
            ConfigKey.DATABASE_USER, Parameter.USER,
            ConfigKey.DATABASE_PASSWORD, Parameter.PASSWORD,
            ConfigKey.DATABASE_SSL_MODE, Parameter.SSL_MODE);

    /** What belongs to a host: of no use at another one, where a password has no business at all. */
    private static final Set<String> OF_A_HOST = Set.of(
            Parameter.HOST.property(),
            Parameter.HOSTADDR.property(),
            Parameter.PORT.property(),
            Parameter.PASSWORD.property(),
            Parameter.PASSWORD_FILE.property());

    private final Configuration configuration;
    private final Map<String, String> environment;
    private final HomeFolder home;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private boolean named;

    private ConnectionResolver(Configuration configuration) {
        this.configuration = configuration;
        this.environment = configuration.environment();
        this.home = new HomeFolder(configuration.home());
    }

    /**
     * The settings that the command line, the environment and the configuration files ask for; empty when they name no
     * database at all.
     *
     * @param dbUrl the value of {@code --db-url}
     * @param osUser the operating system's name of the person, libpq's default for user and database
     */
    public static Optional<ConnectionSettings> resolve(
            Optional<String> dbUrl, Configuration configuration, String osUser) {
        return new ConnectionResolver(configuration).resolve(dbUrl, osUser);
    }

    private Optional<ConnectionSettings> resolve(Optional<String> dbUrl, String osUser) {
        dbUrl.ifPresent(this::takeTyped);
        takeFiles(Configuration.Rank.TYPED);
        if (!named) {
            variable("RF_DB_URL").ifPresent(text -> take(ConnectionUrl.parse(text, "RF_DB_URL")));
        }
        takeFiles(Configuration.Rank.CHOSEN);
        takeVariables();
        takeFiles(Configuration.Rank.FILES);
        return named ? Optional.of(completed(osUser)) : Optional.empty();
    }

    private void takeTyped(String text) {
        ConnectionUrl url = ConnectionUrl.parse(text, "--db-url");
        if (url.holdsPassword()) {
            throw Failure.usage("--db-url holds a password, and every user of this machine can read a command line")
                    .note("try", "the same URL in RF_DB_URL, or the password in PGPASSWORD or ~/.pgpass");
        }
        take(url);
    }

    private void take(ConnectionUrl url) {
        named = true;
        url.settings().forEach(settings::putIfAbsent);
        warnings.addAll(url.warnings());
    }

    /** The variables of other programs: a URL, the service file, and what these leave open. */
    private void takeVariables() {
        if (!named) {
            chosenByVariable()
                    .ifPresentOrElse(
                            choice -> variable("DATABASE_URL")
                                    .ifPresent(_ ->
                                            warnings.add("DATABASE_URL is not used, because " + choice + " is set")),
                            () -> variable("DATABASE_URL")
                                    .ifPresent(text -> take(ConnectionUrl.parse(text, "DATABASE_URL"))));
            named |= Stream.concat(CHOICES.stream(), COMPLETIONS.stream()).anyMatch(this::isInEnvironment);
        }
        get(Parameter.SERVICE)
                .or(() -> inEnvironment(Parameter.SERVICE))
                .ifPresent(
                        service -> ServiceFile.find(service, environment, home).forEach(settings::putIfAbsent));
        for (Parameter parameter : Parameter.values()) {
            inEnvironment(parameter).ifPresent(value -> settings.putIfAbsent(parameter.property(), value));
        }
    }

    private Optional<String> chosenByVariable() {
        return CHOICES.stream()
                .filter(this::isInEnvironment)
                .findFirst()
                .map(choice -> choice.variable().orElseThrow());
    }

    private void takeFiles(Configuration.Rank rank) {
        configuration.layers(rank).forEach(this::take);
    }

    private void take(Map<ConfigKey, ConfigValue> layer) {
        Map<String, Setting> said = new LinkedHashMap<>();
        Optional.ofNullable(layer.get(ConfigKey.DATABASE_URL)).ifPresent(value -> {
            ConnectionUrl url = ConnectionUrl.parse(value.text(), value.origin());
            said.putAll(url.settings());
            warnings.addAll(url.warnings());
            named = true;
        });
        IN_FILES.forEach((key, parameter) -> Optional.ofNullable(layer.get(key))
                .ifPresent(value -> said.putIfAbsent(parameter.property(), new Setting(value.text(), value.origin()))));
        boolean elsewhere = get(Parameter.HOST)
                .or(() -> get(Parameter.HOSTADDR))
                .or(() -> get(Parameter.SERVICE))
                .isPresent();
        if (!elsewhere && !said.containsKey(Parameter.PASSWORD.property())) {
            passwordIn(layer).ifPresent(password -> said.put(Parameter.PASSWORD.property(), password));
        }
        said.forEach((property, setting) -> {
            if (!elsewhere || !OF_A_HOST.contains(property)) {
                settings.putIfAbsent(property, setting);
                named |= IN_THE_URL.contains(property) && !property.equals(Parameter.PASSWORD.property());
            }
        });
    }

    private Optional<Setting> passwordIn(Map<ConfigKey, ConfigValue> layer) {
        return settings.containsKey(Parameter.PASSWORD.property())
                ? Optional.empty()
                : Optional.ofNullable(layer.get(ConfigKey.DATABASE_PASSWORD_FILE))
                        .map(value -> {
                            Path file = configuration.file(value);
                            try {
                                return new Setting(
                                        Files.readString(file, StandardCharsets.UTF_8)
                                                .strip(),
                                        configuration.shown(file));
                            } catch (IOException e) {
                                throw Failure.usage("cannot read the password file " + configuration.shown(file))
                                        .note("from", value.origin())
                                        .causedBy(e);
                            }
                        });
    }

    private ConnectionSettings completed(String osUser) {
        Setting user = get(Parameter.USER).orElse(byDefault(osUser));
        Setting database = get(Parameter.DATABASE).orElse(byDefault(user.value()));
        Setting host = get(Parameter.HOSTADDR).or(() -> get(Parameter.HOST)).orElse(byDefault("localhost"));
        Setting port = get(Parameter.PORT).orElse(byDefault(String.valueOf(DEFAULT_PORT)));
        List<Address> addresses = addresses(host, port);
        Optional<Setting> password =
                get(Parameter.PASSWORD).or(() -> passwordInFile(addresses, database.value(), user.value()));

        Map<String, String> properties = new LinkedHashMap<>();
        Map<String, String> origins = new LinkedHashMap<>();
        origins.put("host", host.origin());
        origins.put("port", port.origin());
        origins.put("database", database.origin());
        origins.put("user", user.origin());
        password.ifPresent(found -> origins.put("password", found.origin()));
        settings.forEach((property, setting) -> {
            if (!IN_THE_URL.contains(property)) {
                properties.put(property, setting.value());
                origins.put(property, setting.origin());
            }
        });
        return new ConnectionSettings(
                addresses,
                database.value(),
                user.value(),
                password.map(Setting::value),
                properties,
                origins,
                List.copyOf(warnings));
    }

    private static Setting byDefault(String value) {
        return new Setting(value, ConnectionSettings.DEFAULT_ORIGIN);
    }

    /** Several hosts take one port each, or one for all. */
    private static List<Address> addresses(Setting host, Setting port) {
        List<String> hosts = List.of(host.value().split(",", -1));
        List<String> ports = List.of(port.value().split(",", -1));
        if (ports.size() != 1 && ports.size() != hosts.size()) {
            throw Failure.usage("%d ports for %d hosts".formatted(ports.size(), hosts.size()))
                    .note("from", host.origin() + ", " + port.origin())
                    .note("try", "one port for all hosts, or one for each");
        }
        List<Address> addresses = new ArrayList<>();
        for (int i = 0; i < hosts.size(); i++) {
            String name = hosts.get(i).isEmpty() ? "localhost" : hosts.get(i);
            if (name.startsWith("/")
                    ? hosts.size() > 1
                    : NOT_IN_A_HOST.matcher(name).find()) {
                throw Failure.usage("the host in " + host.origin() + " is not a host name or address")
                        .note("try", "a name, an address or the folder of a local socket alone, like db.example.org");
            }
            addresses.add(new Address(name, portNumber(ports.size() == 1 ? ports.getFirst() : ports.get(i), port)));
        }
        return addresses;
    }

    /** The text is not repeated: after a colon in a URL a part of a password may stand here. */
    private static int portNumber(String text, Setting port) {
        int number =
                text.isBlank() ? DEFAULT_PORT : text.strip().matches("[0-9]{1,5}") ? Integer.parseInt(text.strip()) : 0;
        if (number < 1 || number > 65_535) {
            throw Failure.usage("the port in " + port.origin() + " is not a number from 1 to 65535")
                    .note("try", "5432; and in a password in a URL write / as %2F, : as %3A, @ as %40");
        }
        return number;
    }

    private Optional<Setting> passwordInFile(List<Address> addresses, String database, String user) {
        PasswordFile file = new PasswordFile(
                get(Parameter.PASSWORD_FILE)
                        .map(setting -> Path.of(setting.value()))
                        .orElseGet(() -> home.path().resolve(".pgpass")),
                home);
        // libpq looks the name up that was given, also where hostaddr says how to reach it
        List<String> names = get(Parameter.HOST)
                .map(host -> List.of(host.value().split(",", -1)))
                .orElse(List.of());
        List<String> notes = new ArrayList<>();
        Map<String, Setting> found = new LinkedHashMap<>();
        for (int i = 0; i < addresses.size(); i++) {
            Address address = addresses.get(i);
            String name = i < names.size() && !names.get(i).isEmpty() ? names.get(i) : address.host();
            file.password(
                            List.of(
                                    name.equals(DEFAULT_SOCKET_FOLDER) ? "localhost" : name,
                                    String.valueOf(address.port()),
                                    database,
                                    user),
                            notes)
                    .ifPresent(password -> found.putIfAbsent(password.value(), password));
        }
        warnings.addAll(notes);
        if (found.size() > 1) {
            throw Failure.usage("different passwords for the hosts of one connection")
                    .note(
                            "from",
                            String.join(
                                    ", ",
                                    found.values().stream().map(Setting::origin).toList()))
                    .note("try", "PGPASSWORD for all of them, or only one host");
        }
        return found.values().stream().findFirst();
    }

    private Optional<Setting> get(Parameter parameter) {
        return Optional.ofNullable(settings.get(parameter.property()));
    }

    private boolean isInEnvironment(Parameter parameter) {
        return parameter.variable().flatMap(this::variable).isPresent();
    }

    private Optional<Setting> inEnvironment(Parameter parameter) {
        return parameter
                .variable()
                .flatMap(name -> variable(name)
                        .map(value -> new Setting(
                                parameter
                                        .translated(value)
                                        .orElseThrow(() -> Failure.usage(name + " has a value that it cannot have")),
                                name)));
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isEmpty());
    }
}
