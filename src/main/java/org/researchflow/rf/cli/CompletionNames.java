package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.researchflow.rf.cohort.CodeSystem;

/**
 * The names that commands found in a database, kept for the completions of shells in small files, one for each kind and
 * each way to name a database: {@code libexec/names.sh} finds them there without any Java. Nothing depends on them, so
 * that where they cannot be written nothing is said.
 */
final class CompletionNames {

    /** What the names are of. */
    enum Kind {
        VIEWS,
        QUERIES,
        SYSTEMS;

        private String ending() {
            return "." + name().toLowerCase(Locale.ROOT);
        }
    }

    /** What leads to a database, beside the flags and the configuration files; the launcher knows the same. */
    private static final List<String> VARIABLES =
            List.of("RF_DB_URL", "DATABASE_URL", "PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE");

    private static final int LONGEST_KEY = 200;
    private static final int MOST_NAMES = 5000;

    private final Path folder;
    private final Optional<String> key;
    private final List<Path> settings;

    private CompletionNames(Path folder, Optional<String> key, List<Path> settings) {
        this.folder = folder;
        this.key = key;
        this.settings = settings;
    }

    /** Those of the database that this command was told to use. */
    static CompletionNames of(Invocation rf) {
        Environment environment = rf.environment();
        Path services = environment
                .get("PGSERVICEFILE")
                .map(Path::of)
                .orElseGet(() -> environment.home().resolve(".pg_service.conf"));
        return new CompletionNames(
                environment.cacheFolder().resolve("names"),
                key(rf),
                Stream.concat(rf.configuration().places().stream(), Stream.of(services))
                        .toList());
    }

    /** What was said about the database, as part of a file's name; nothing if it may hold a secret or is too long. */
    private static Optional<String> key(Invocation rf) {
        Environment environment = rf.environment();
        String said = Stream.concat(
                        Stream.of(
                                rf.options()
                                        .profile()
                                        .or(() -> environment.get("RF_PROFILE"))
                                        .orElse(""),
                                rf.options().sandbox() ? "sandbox" : "",
                                withoutPassword(rf.options().dbUrl().orElse(""))),
                        VARIABLES.stream()
                                .map(name ->
                                        withoutPassword(environment.get(name).orElse(""))))
                .collect(Collectors.joining("+"));
        if (said.contains("password")) {
            return Optional.empty();
        }
        StringBuilder key = new StringBuilder();
        for (byte letter : said.getBytes(StandardCharsets.UTF_8)) {
            boolean kept = letter > 0 && (Character.isLetterOrDigit(letter) || ".+-".indexOf(letter) >= 0);
            key.append(kept ? (char) letter : '_');
        }
        return Optional.of(key.toString()).filter(name -> name.length() <= LONGEST_KEY);
    }

    /** {@code postgresql://user@host/db} for {@code postgresql://user:secret@host/db}. */
    private static String withoutPassword(String url) {
        int start = url.indexOf("://") + "://".length();
        int at = url.lastIndexOf('@');
        int colon = start < "://".length() ? -1 : url.indexOf(':', start);
        return colon < 0 || at < colon ? url : url.substring(0, colon) + url.substring(at);
    }

    /** These are all there are. */
    void keep(Kind kind, Collection<String> names) {
        key.ifPresent(known -> {
            try {
                write(folder.resolve(known + kind.ending()), names);
            } catch (IOException _) {
                // Completions know less, and nothing else does.
            }
        });
    }

    /** These are there as well. */
    void add(Kind kind, Collection<String> names) {
        Set<String> all = new TreeSet<>(kept(kind));
        if (all.addAll(names)) {
            keep(kind, all);
        }
    }

    /** These are gone. */
    void remove(Kind kind, Collection<String> names) {
        Set<String> all = new TreeSet<>(kept(kind));
        if (all.removeAll(Set.copyOf(names))) {
            keep(kind, all);
        }
    }

    /** A code system as people type it: by its short name if it has one. */
    static String typed(String system) {
        return CodeSystem.shortName(system).orElse(system);
    }

    private List<String> kept(Kind kind) {
        try {
            return key.isPresent() ? read(folder.resolve(key.get() + kind.ending())) : List.of();
        } catch (IOException _) {
            return List.of();
        }
    }

    /** What is there, unless a file has changed since that may lead to another database now. */
    private List<String> read(Path file) throws IOException {
        FileTime written = Files.getLastModifiedTime(file);
        for (Path setting : settings) {
            if (Files.exists(setting) && Files.getLastModifiedTime(setting).compareTo(written) > 0) {
                return List.of();
            }
        }
        return Files.readAllLines(file);
    }

    private void write(Path file, Collection<String> names) throws IOException {
        // A home folder that is not there is not made.
        Path cache = Optional.ofNullable(folder.getParent()).orElseThrow();
        for (Path above : List.of(Optional.ofNullable(cache.getParent()).orElseThrow(), cache, folder)) {
            try {
                Files.createDirectory(above);
            } catch (FileAlreadyExistsException _) {
                // As usual.
            }
        }
        String lines = names.stream()
                .filter(name -> name.chars().noneMatch(Character::isISOControl))
                .sorted()
                .limit(MOST_NAMES)
                .map(name -> name + "\n")
                .collect(Collectors.joining());
        // Never seen half written. Java's own names for such files cost a random number generator.
        Path whole = file.resolveSibling(
                file.getFileName() + "." + ProcessHandle.current().pid());
        try {
            Files.writeString(whole, lines);
            Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(whole);
        }
    }
}
