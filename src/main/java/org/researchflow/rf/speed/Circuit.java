package org.researchflow.rf.speed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The memory, across processes, that Redis did not answer.
 *
 * @param file that says until when it is not asked
 * @param clock of this machine
 */
public record Circuit(Path file, Clock clock) {

    private static final Duration OPEN = Duration.ofMinutes(1);

    /** The one for a Redis, in the folder for rf's state. */
    public static Circuit of(RedisSettings redis, Path folder, Clock clock) {
        return new Circuit(
                folder.resolve("redis-" + Integer.toHexString(redis.place().hashCode()) + ".open"), clock);
    }

    /** Until when nothing is asked; empty when it may be. A time too far away is of a clock that was wrong. */
    public Optional<Instant> openUntil() {
        try {
            Instant until =
                    Instant.parse(Files.readString(file, StandardCharsets.UTF_8).strip());
            Instant now = clock.instant();
            return until.isAfter(now) && !until.isAfter(now.plus(OPEN)) ? Optional.of(until) : Optional.empty();
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (IOException | DateTimeException _) {
            // What cannot be read keeps nobody from asking.
            return Optional.empty();
        }
    }

    /** Remembers that it did not answer. A file that cannot be written makes the next query wait, and no query fail. */
    public void open() {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
                Path written = Files.createTempFile(folder, "speed", ".new");
                Files.writeString(written, clock.instant().plus(OPEN).toString(), StandardCharsets.UTF_8);
                Files.move(written, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException _) {
            // Nothing to remember it with.
        }
    }
}
