import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The build step that takes out of a jar what is for other releases of Java than the one that rf needs: of classes in
 * several versions the newest stays, at the place where all others are. Java's caches refuse the others.
 *
 * <p>Started as {@code java OneRelease.java <jar>}.
 */
final class OneRelease {

    private static final String VERSIONS = "META-INF/versions/";

    /** That of all that is built: the same sources make the same jar. */
    private static final LocalDateTime TIME = LocalDateTime.of(2026, 1, 1, 0, 0);

    /** A file, and the release of Java from which on it is for; 0 where it is for all. */
    private record Versioned(int release, ZipEntry entry) {}

    private OneRelease() {}

    public static void main(String... args) throws IOException {
        Path jar = Path.of(args[0]);
        Path made = Path.of(args[0] + ".new");
        try (JarFile before = new JarFile(jar.toFile());
                OutputStream file = Files.newOutputStream(made);
                ZipOutputStream after = new ZipOutputStream(file)) {
            Manifest manifest = before.getManifest();
            manifest.getMainAttributes().remove(Attributes.Name.MULTI_RELEASE);
            after.putNextEntry(entry(JarFile.MANIFEST_NAME));
            manifest.write(after);
            for (Map.Entry<String, Versioned> kept : newest(before).entrySet()) {
                after.putNextEntry(entry(kept.getKey()));
                try (InputStream in = before.getInputStream(kept.getValue().entry())) {
                    in.transferTo(after);
                }
            }
        }
        Files.move(made, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Map<String, Versioned> newest(JarFile jar) {
        Map<String, Versioned> newest = new TreeMap<>();
        jar.stream()
                .filter(entry -> !entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME))
                .forEach(entry -> {
                    Versioned found = new Versioned(release(entry.getName()), entry);
                    if (found.release() <= Runtime.version().feature()) {
                        newest.merge(
                                name(entry.getName()),
                                found,
                                (one, other) -> one.release() > other.release() ? one : other);
                    }
                });
        return newest;
    }

    private static int release(String name) {
        return name.startsWith(VERSIONS)
                ? Integer.parseInt(name.substring(VERSIONS.length(), name.indexOf('/', VERSIONS.length())))
                : 0;
    }

    private static String name(String name) {
        return name.startsWith(VERSIONS) ? name.substring(name.indexOf('/', VERSIONS.length()) + 1) : name;
    }

    private static ZipEntry entry(String name) {
        ZipEntry entry = new JarEntry(name);
        entry.setTimeLocal(TIME);
        return entry;
    }
}
