import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/**
 * The build step that makes sure that nothing is missing in what is shipped: each library that rf runs with is in its
 * jar, class by class, or beside it.
 *
 * <p>Started as {@code java Packed.java <file with the class path> <folder of rf.jar>}.
 */
final class Packed {

    private Packed() {}

    public static void main(String... args) throws IOException {
        Path folder = Path.of(args[1]);
        List<String> missing = new ArrayList<>();
        try (JarFile rf = new JarFile(folder.resolve("rf.jar").toFile())) {
            Set<String> inside =
                    new HashSet<>(rf.stream().map(ZipEntry::getName).toList());
            for (String jar : Files.readString(Path.of(args[0])).strip().split(File.pathSeparator)) {
                String name = "more/" + Path.of(jar).getFileName();
                if (!Files.exists(folder.resolve(name)) && !inside.containsAll(classes(jar))) {
                    missing.add(Path.of(jar).getFileName().toString());
                }
            }
        }
        if (!missing.isEmpty()) {
            System.err.println("rf: neither in lib/rf.jar nor beside it in lib/more: " + String.join(", ", missing));
            System.err.println("    try: name them in pom.xml, in dist.beside or in what maven-shade-plugin includes");
            System.exit(1);
        }
    }

    /** Those that have a file of source: what is inside of them has other names when another compiler made it. */
    private static List<String> classes(String jar) throws IOException {
        try (JarFile library = new JarFile(jar)) {
            return library.stream()
                    .map(ZipEntry::getName)
                    .filter(name ->
                            name.endsWith(".class") && !name.contains("$") && !name.endsWith("module-info.class"))
                    .toList();
        }
    }
}
