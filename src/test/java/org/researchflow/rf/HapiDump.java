package org.researchflow.rf;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/**
 * A database that a real HAPI server wrote, as a dump: the whole one where it lies in {@code ../shared/hapi} (or the
 * folder of the system property {@code rf.test.shared}), else the excerpt that {@link HapiExcerpt} made of it.
 */
public enum HapiDump {
    HAPI_880("hapi-8.8.0"),
    HAPI_622("hapi-6.2.2");

    private final String name;

    HapiDump(String name) {
        this.name = name;
    }

    /** The text of the dump. */
    public InputStream open() throws IOException {
        return isWhole() ? unzip(Files.newInputStream(whole())) : excerpt();
    }

    /** The text of the excerpt, where little will do. */
    InputStream excerpt() throws IOException {
        return unzip(resource(name + "-excerpt.sql.gz"));
    }

    static InputStream unzip(InputStream zipped) throws IOException {
        return new GZIPInputStream(zipped, 1 << 16);
    }

    /** What {@link #open()} holds, counted by plain SQL when the excerpt was made. */
    public HapiFacts facts() {
        try (InputStream json = resource(name + (isWhole() ? "" : "-excerpt") + "-facts.json")) {
            return JsonMapper.builder().build().readValue(json, HapiFacts.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public boolean isWhole() {
        return Files.exists(whole());
    }

    Path whole() {
        return Path.of(System.getProperty("rf.test.shared", "../shared")).resolve("hapi/" + name + ".sql.gz");
    }

    String fileName() {
        return name;
    }

    private static InputStream resource(String file) {
        return Objects.requireNonNull(HapiDump.class.getResourceAsStream("/hapi/" + file), file);
    }
}
