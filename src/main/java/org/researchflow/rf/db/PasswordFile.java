package org.researchflow.rf.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** libpq's password file: lines of {@code host:port:database:user:password}, the first that fits counts. */
final class PasswordFile {

    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.GROUP_EXECUTE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE,
            PosixFilePermission.OTHERS_EXECUTE);

    private final Path file;
    private final String shownAs;

    PasswordFile(Path file, HomeFolder home) {
        this.file = file;
        this.shownAs = home.shorten(file);
    }

    /** The password for a connection; a file that must not be used adds a warning and gives none, as in libpq. */
    Optional<Setting> password(List<String> connection, List<String> warnings) {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            if (!Files.isRegularFile(file)) {
                warnings.add("password file " + shownAs + " is not used: it is not a plain file");
                return Optional.empty();
            }
            if (others(file)) {
                warnings.add(
                        "password file " + shownAs + " is not used: others can read it; run  chmod 600 " + shownAs);
                return Optional.empty();
            }
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            return IntStream.range(0, lines.size())
                    .boxed()
                    .flatMap(i -> password(lines.get(i), connection)
                            .map(password -> new Setting(password, "password file " + shownAs + ":" + (i + 1)))
                            .stream())
                    .findFirst();
        } catch (IOException e) {
            warnings.add("password file " + shownAs + " is not used: it cannot be read");
            return Optional.empty();
        }
    }

    private static boolean others(Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        return view != null && view.readAttributes().permissions().stream().anyMatch(OF_OTHERS::contains);
    }

    private static Optional<String> password(String line, List<String> connection) {
        if (line.startsWith("#")) {
            return Optional.empty();
        }
        int start = 0;
        for (String expected : connection) {
            int end = fieldEnd(line, start);
            if (end == line.length()) {
                return Optional.empty();
            }
            String field = line.substring(start, end);
            if (!field.equals("*") && !unescaped(field).equals(expected)) {
                return Optional.empty();
            }
            start = end + 1;
        }
        // up to the end of the line: libpq takes colons in the password as they are
        return Optional.of(unescaped(line.substring(start))).filter(password -> !password.isEmpty());
    }

    private static int fieldEnd(String line, int start) {
        int end = start;
        while (end < line.length() && line.charAt(end) != ':') {
            end += line.charAt(end) == '\\' ? 2 : 1;
        }
        return Math.min(end, line.length());
    }

    private static String unescaped(String text) {
        return text.replaceAll("\\\\(.)", "$1");
    }
}
