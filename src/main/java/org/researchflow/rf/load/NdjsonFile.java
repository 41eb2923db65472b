package org.researchflow.rf.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * A file with one resource a line, compressed by gzip or not.
 *
 * @param name what it is called in messages
 * @param opening opens it as it is
 */
public record NdjsonFile(String name, Opening opening) {

    private static final int BUFFER = 1 << 16;

    /** Opens something to read. */
    @FunctionalInterface
    public interface Opening {
        InputStream open() throws IOException;
    }

    public static NdjsonFile at(Path path) {
        return new NdjsonFile(path.toString(), () -> Files.newInputStream(path));
    }

    /** The lines, decompressed where the content says so: downloads are often named by a number. */
    Lines lines() throws IOException {
        InputStream raw = new BufferedInputStream(opening.open(), BUFFER);
        try {
            raw.mark(2);
            boolean compressed = raw.read() == 0x1f && raw.read() == 0x8b;
            raw.reset();
            return new Lines(compressed ? new GZIPInputStream(raw, BUFFER) : raw);
        } catch (IOException e) {
            raw.close();
            throw e;
        }
    }
}
