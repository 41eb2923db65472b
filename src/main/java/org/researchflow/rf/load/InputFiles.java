package org.researchflow.rf.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;

/**
 * The files that a person means.
 *
 * @param files to be loaded, in this order
 * @param leftOut what lies in the folders beside them
 */
public record InputFiles(List<NdjsonFile> files, List<String> leftOut) {

    public InputFiles {
        files = List.copyOf(files);
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Finds them. A folder stands for the files in it that are named as NDJSON, and if none is, for all of them, since
     * many downloads are named by a number; a file that is named itself may be called anything.
     *
     * @param names of files and folders, and {@code -} for standard input
     * @throws Failure if one is not there, or cannot be read
     */
    public static InputFiles of(List<String> names, NdjsonFile.Opening standardInput) throws IOException {
        List<NdjsonFile> files = new ArrayList<>();
        List<String> leftOut = new ArrayList<>();
        for (String name : names) {
            if (name.equals("-")) {
                files.add(new NdjsonFile("standard input", standardInput));
                continue;
            }
            Path path = path(name);
            if (!Files.exists(path)) {
                throw Failure.usage("no file or folder " + name);
            }
            requireReadable(path);
            if (Files.isDirectory(path)) {
                addFolder(path, files, leftOut);
            } else {
                files.add(NdjsonFile.at(path));
            }
        }
        return new InputFiles(files, leftOut);
    }

    private static void addFolder(Path folder, List<NdjsonFile> files, List<String> leftOut) throws IOException {
        List<Path> found;
        try (Stream<Path> entries = Files.list(folder)) {
            found = entries.filter(entry -> !entry.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        boolean named = found.stream().anyMatch(InputFiles::isNamedNdjson);
        List<Path> chosen = found.stream()
                .filter(entry -> named ? isNamedNdjson(entry) : Files.isRegularFile(entry))
                .toList();
        if (chosen.isEmpty()) {
            throw Failure.usage("no files in the folder " + folder);
        }
        for (Path file : chosen) {
            requireReadable(file);
            files.add(NdjsonFile.at(file));
        }
        found.stream()
                .filter(entry -> !chosen.contains(entry))
                .forEach(entry -> leftOut.add(entry + (Files.isDirectory(entry) ? "/" : "")));
    }

    private static boolean isNamedNdjson(Path entry) {
        String name = entry.getFileName().toString().toLowerCase(Locale.ROOT);
        return Files.isRegularFile(entry) && (name.contains(".ndjson") || name.contains(".jsonl"));
    }

    private static Path path(String name) {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw Failure.usage("no file can be named " + name).causedBy(e);
        }
    }

    private static void requireReadable(Path path) {
        if (!Files.isReadable(path)) {
            throw Failure.usage("cannot read " + path).note("why", "the file's permissions do not let this user");
        }
    }
}
