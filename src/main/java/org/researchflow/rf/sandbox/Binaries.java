package org.researchflow.rf.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;

/** The servers' programs, unpacked from their jars into the sandbox's folder when they are first needed. */
record Binaries(Folder folder, Platform platform) {

    /** The folder of PostgreSQL's {@code bin}, {@code lib} and {@code share}. */
    Path postgres() {
        return unpacked("postgres-" + fingerprint(platform.postgresResource()), this::unpackPostgres);
    }

    Path redisServer() {
        return unpacked("redis-" + fingerprint(platform.redisResource()), this::unpackRedis)
                .resolve("redis-server");
    }

    private interface Unpacking {
        void into(Path target) throws IOException;
    }

    /** Unpacks beside the final place and then renames, so that a killed start leaves nothing half. */
    private Path unpacked(String name, Unpacking unpacking) {
        Path target = folder.servers().resolve(name);
        if (!Files.exists(target)) {
            Path half = target.resolveSibling(name + ".new");
            Folder.delete(half);
            try {
                Files.createDirectories(half);
                unpacking.into(half);
                Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return target;
    }

    private void unpackPostgres(Path target) throws IOException {
        try (InputStream packed = open(platform.postgresResource())) {
            Archive.unpack(packed, target);
        }
    }

    private void unpackRedis(Path target) throws IOException {
        Path program = target.resolve("redis-server");
        try (InputStream packed = open(platform.redisResource())) {
            Files.copy(packed, program);
        }
        Archive.makeExecutable(program);
    }

    /** Tells another version's program by its size, which needs no reading. */
    private static String fingerprint(String resource) {
        try {
            return Long.toString(resource(resource).openConnection().getContentLengthLong(), 36);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) throws IOException {
        return resource(resource).openStream();
    }

    private static URL resource(String name) {
        return Objects.requireNonNull(Binaries.class.getResource(name), name);
    }
}
