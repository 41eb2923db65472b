package org.researchflow.rf.source;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;

/**
 * A stored body on its way into a field of PostgreSQL's text format of COPY, without ever holding all of it. What JSON
 * writes as {@code \\u0000} becomes {@code \\ufffd}: FHIR does not allow the one, and no text in PostgreSQL can hold it.
 */
final class BodyText {

    /** PostgreSQL's jsonb can't hold more. */
    private static final long MOST = 256L << 20;

    private static final String NUL = "\\u0000";
    private static final String REPLACEMENT = "\\ufffd";

    private final Writer copy;

    /** So many characters of {@link #NUL} were just seen. */
    private int matched;

    private BodyText(Writer copy) {
        this.copy = copy;
    }

    /** What a text cannot be in PostgreSQL. */
    static final class Unfit extends IOException {
        private static final long serialVersionUID = 1L;
        private final Obstacle obstacle;

        Unfit(Obstacle obstacle) {
            super(obstacle.inWords());
            this.obstacle = obstacle;
        }

        Obstacle obstacle() {
            return obstacle;
        }
    }

    /**
     * Decodes and escapes a body.
     *
     * @param compressed whether it is gzip
     * @throws IOException when it is not what HAPI writes
     */
    static void write(InputStream stored, boolean compressed, OutputStream to) throws IOException {
        InputStream plain = compressed ? new GZIPInputStream(stored, 1 << 13) : stored;
        Reader text = new InputStreamReader(
                plain,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
        BodyText body = new BodyText(new BufferedWriter(new OutputStreamWriter(to, StandardCharsets.UTF_8)));
        char[] buffer = new char[1 << 13];
        long total = 0;
        for (int count = text.read(buffer); count >= 0; count = text.read(buffer)) {
            total += count;
            if (total > MOST) {
                throw new Unfit(Obstacle.TOO_LARGE);
            }
            for (int i = 0; i < count; i++) {
                body.add(buffer[i]);
            }
        }
        body.end();
    }

    private void add(char next) throws IOException {
        if (matched > 0 && next == NUL.charAt(matched)) {
            matched++;
            if (matched == NUL.length()) {
                put(REPLACEMENT);
                matched = 0;
            }
        } else if (matched == 1) {
            // any other escape, that of the backslash among them
            put(NUL.substring(0, 1));
            put(next);
            matched = 0;
        } else {
            put(NUL.substring(0, matched));
            matched = next == NUL.charAt(0) ? 1 : 0;
            if (matched == 0) {
                put(next);
            }
        }
    }

    private void end() throws IOException {
        put(NUL.substring(0, matched));
        copy.flush();
    }

    private void put(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            put(text.charAt(i));
        }
    }

    private void put(char next) throws IOException {
        switch (next) {
            case '\\' -> copy.write("\\\\");
            case '\n' -> copy.write("\\n");
            case '\r' -> copy.write("\\r");
            case '\t' -> copy.write("\\t");
            case '\0' -> throw new Unfit(Obstacle.CORRUPT);
            default -> copy.write(next);
        }
    }
}
