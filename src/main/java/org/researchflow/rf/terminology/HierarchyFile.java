package org.researchflow.rf.terminology;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.researchflow.rf.Failure;

/** Reads a file that says which code is below which: a CodeSystem in JSON, or two columns of CSV; plain or gzip. */
public final class HierarchyFile {

    private static final int BUFFER = 1 << 16;

    private HierarchyFile() {}

    /**
     * Reads it in one pass, and keeps codes and links alone.
     *
     * @param name of the file, for messages
     * @param system that the person named: the URI that codes of CSV belong to
     * @throws Failure if it is neither, or a code is above itself
     */
    public static CodeTree read(String name, InputStream raw, Optional<String> system) throws IOException {
        try (BufferedInputStream in = plain(raw)) {
            CodeTree tree = isJson(in) ? codeSystem(name, in) : csv(name, in, system);
            if (system.isPresent() && !system.get().equals(tree.system())) {
                throw Failure.usage(name + " is the code system " + tree.system() + ", not " + system.get())
                        .note("try", "--system is for CSV; a CodeSystem says its own");
            }
            requireNoCircle(name, tree);
            return tree;
        } catch (JsonProcessingException e) {
            throw Failure.usage("not JSON, at " + name + ':' + e.getLocation().getLineNr() + ':'
                            + e.getLocation().getColumnNr())
                    .note("why", "expected a CodeSystem resource")
                    .causedBy(e);
        } catch (CharacterCodingException e) {
            throw Failure.usage("the file " + name + " is not UTF-8").causedBy(e);
        }
    }

    private static BufferedInputStream plain(InputStream raw) throws IOException {
        BufferedInputStream in = new BufferedInputStream(raw, BUFFER);
        in.mark(2);
        boolean compressed = in.read() == 0x1f && in.read() == 0x8b;
        in.reset();
        return compressed ? new BufferedInputStream(new GZIPInputStream(in, BUFFER), BUFFER) : in;
    }

    /** A byte order mark and white space may stand in front. */
    private static boolean isJson(BufferedInputStream in) throws IOException {
        in.mark(BUFFER);
        int character = in.read();
        for (int i = 1; i < BUFFER && (character <= ' ' || character >= 0x80) && character >= 0; i++) {
            character = in.read();
        }
        in.reset();
        return character == '{';
    }

    private static CodeTree codeSystem(String name, InputStream in) throws IOException {
        try (JsonParser json = new JsonFactory().createParser(in)) {
            return new CodeSystemReader(name, json).read();
        }
    }

    private static CodeTree csv(String name, InputStream in, Optional<String> system) throws IOException {
        String uri = system.orElseThrow(() -> Failure.usage("of which code system are the codes in " + name + "?")
                .note("try", "--system snomed, or its URI")
                .note("why", "two columns name no system; a CodeSystem resource in JSON does"));
        // A decoder of its own reports what is not UTF-8, where InputStreamReader's would put a mark in its place.
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()), BUFFER);
        CodeTree tree = new CsvReader(name, lines).read(uri);
        if (tree.codes().isEmpty()) {
            throw Failure.usage("no code in " + name).note("try", "lines such as  44054006,73211009  (child,parent)");
        }
        return tree;
    }

    private static void requireNoCircle(String name, CodeTree tree) {
        List<String> circle = tree.circle();
        if (!circle.isEmpty()) {
            int shown = 8;
            throw Failure.usage("a code in " + name + " is below itself")
                    .note(
                            "why",
                            String.join(" is below ", circle.subList(0, Math.min(shown, circle.size())))
                                    + (circle.size() > shown ? " is below …" : ""))
                    .note("try", "without one of these links; nothing was loaded");
        }
    }
}
