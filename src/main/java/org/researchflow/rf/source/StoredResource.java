package org.researchflow.rf.source;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * A version of a resource as it goes into rf's own table, or the tombstone of a deleted one.
 *
 * @param type the resource type
 * @param key the logical id, unique in its type
 * @param version what {@code meta.versionId} says
 * @param updated when the version was written, or the resource was known to be deleted
 * @param body its JSON as UTF-8 text; empty for a tombstone
 */
public record StoredResource(
        String type, String key, Optional<String> version, Optional<Instant> updated, Optional<byte[]> body) {

    private static final int DIGEST_LENGTH = 16;

    public static StoredResource live(
            String type, String key, Optional<String> version, Optional<Instant> updated, byte[] body) {
        return new StoredResource(type, key, version, updated, Optional.of(body));
    }

    public static StoredResource tombstone(String type, String key, Optional<Instant> deleted) {
        return new StoredResource(type, key, Optional.empty(), deleted, Optional.empty());
    }

    boolean isDeleted() {
        return body.isEmpty();
    }

    /** Tells contents apart, of which a tombstone has none. */
    byte[] digest() {
        if (body.isEmpty()) {
            return new byte[DIGEST_LENGTH];
        }
        try {
            return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(body.get()), DIGEST_LENGTH);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java runtime has SHA-256", e);
        }
    }

    /** About how many bytes it takes. */
    int size() {
        return body.map(bytes -> bytes.length).orElse(0) + key.length() + 64;
    }
}
