package org.researchflow.rf.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;

/** libpq's service file: named sections of connection parameters. */
final class ServiceFile {

    /** Where Debian's and Red Hat's libpq look when PGSYSCONFDIR is not set. */
    private static final List<Path> SYSTEM_FOLDERS =
            List.of(Path.of("/etc/postgresql-common"), Path.of("/etc/sysconfig/pgsql"));

    private final Path file;
    private final HomeFolder home;

    private ServiceFile(Path file, HomeFolder home) {
        this.file = file;
        this.home = home;
    }

    /** The parameters of a service, by property name, from the first file that defines it. */
    static Map<String, Setting> find(Setting service, Map<String, String> environment, HomeFolder home) {
        Optional<Path> named = value(environment, "PGSERVICEFILE").map(Path::of);
        if (named.isPresent() && !Files.isRegularFile(named.get())) {
            throw Failure.usage("no service file " + home.shorten(named.get())).note("from", "PGSERVICEFILE");
        }
        Stream<Path> system = value(environment, "PGSYSCONFDIR")
                .map(folder -> Stream.of(Path.of(folder)))
                .orElseGet(SYSTEM_FOLDERS::stream)
                .map(folder -> folder.resolve("pg_service.conf"));
        List<Path> files = Stream.concat(
                        Stream.of(named.orElseGet(() -> home.path().resolve(".pg_service.conf"))), system)
                .toList();
        return files.stream()
                .filter(Files::isRegularFile)
                .map(file -> new ServiceFile(file, home).section(service.value()))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseThrow(() -> Failure.usage("no service \"" + service.value() + "\" is defined")
                        .note(
                                "why",
                                "looked in "
                                        + String.join(
                                                ", ",
                                                files.stream()
                                                        .map(home::shorten)
                                                        .toList()))
                        .note("from", service.origin()));
    }

    private static Optional<String> value(Map<String, String> environment, String variable) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }

    private Optional<Map<String, Setting>> section(String name) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        boolean inside = false;
        List<String> lines = lines();
        for (int number = 1; number <= lines.size(); number++) {
            String line = lines.get(number - 1).strip();
            if (line.startsWith("[")) {
                if (inside) {
                    break;
                }
                inside = line.startsWith("[" + name + "]");
            } else if (inside && !line.isEmpty() && !line.startsWith("#")) {
                read(line, "service file " + home.shorten(file) + ":" + number, settings);
            }
        }
        return inside ? Optional.of(settings) : Optional.empty();
    }

    private static void read(String line, String origin, Map<String, Setting> settings) {
        int equals = line.indexOf('=');
        if (equals < 0) {
            throw Failure.usage("no name=value in " + origin);
        }
        String keyword = line.substring(0, equals);
        if (Parameter.WITHOUT_EFFECT.contains(keyword)) {
            return;
        }
        Parameter parameter = Parameter.ofKeyword(keyword)
                .filter(known -> known != Parameter.SERVICE)
                .orElseThrow(() -> Failure.usage("a parameter that rf does not know in " + origin)
                        .note(
                                "try",
                                "host, port, dbname, user, sslmode and the like, with no blank before the = sign"));
        String value = line.substring(equals + 1);
        if (!value.isEmpty()) {
            String translated = parameter
                    .translated(value)
                    .orElseThrow(() -> Failure.usage(
                            "\"" + parameter.keyword() + "\" has a value that it cannot have in " + origin));
            settings.putIfAbsent(parameter.property(), new Setting(translated, origin));
        }
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw Failure.usage("cannot read the service file " + home.shorten(file))
                    .causedBy(e);
        }
    }
}
