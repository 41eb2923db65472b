package org.researchflow.rf.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What this machine did meanwhile that was neither rf nor the database: figures of a busy machine are those of the other
 * work. Known where Linux tells it and the database is on this machine.
 *
 * @param database its processor time
 * @param start what had been used when the watch began
 */
public record OtherWork(ServerCpu database, Used start) {

    /** More than this share of the processors is more than a system does by itself. */
    public static final double MUCH = 0.1;

    private static final Path ALL = Path.of("/proc/stat");
    private static final Path OWN = Path.of("/proc/self/stat");
    /** Of the line {@code cpu}: all but idling and waiting for disks; guests are in it already. */
    private static final List<Integer> BUSY = List.of(1, 2, 3, 6, 7, 8);

    private static final List<Integer> IDLE = List.of(4, 5);

    /**
     * Processor time used since the machine was started, in the kernel's ticks.
     *
     * @param all by everybody
     * @param there as much as there was
     * @param ours by rf, what it started, and the database
     */
    record Used(long all, long there, double ours) {}

    /** Begins to watch. */
    public static OtherWork watch(Bed bed) {
        ServerCpu database = ServerCpu.of(bed.database());
        return new OtherWork(database, used(database));
    }

    /** The part of all processors that others used since then, from 0 to 1. */
    public OptionalDouble share() {
        Used end = used(database);
        long there = end.there() - start.there();
        if (there <= 0) {
            return OptionalDouble.empty();
        }
        double others = end.all() - start.all() - (end.ours() - start.ours());
        return OptionalDouble.of(Math.clamp(others / there, 0, 1));
    }

    private static Used used(ServerCpu database) {
        OptionalDouble server = database.seconds();
        try {
            if (server.isEmpty() || !Files.isReadable(ALL)) {
                return new Used(0, 0, 0);
            }
            List<String> all = fields(Files.readString(ALL).lines().findFirst().orElse(""));
            String own = Files.readString(OWN);
            return new Used(
                    ticks(all, BUSY),
                    ticks(all, BUSY) + ticks(all, IDLE),
                    server.getAsDouble() * ServerCpu.TICKS_PER_SECOND
                            + ticks(fields(own.substring(own.lastIndexOf(')') + 2)), ServerCpu.WITH_ENDED_CHILDREN));
        } catch (IOException e) {
            return new Used(0, 0, 0);
        }
    }

    private static List<String> fields(String line) {
        return Stream.of(line.strip().split(" +", -1)).toList();
    }

    private static long ticks(List<String> fields, List<Integer> which) {
        return which.stream()
                .filter(field -> field < fields.size())
                .flatMapToLong(field -> LongStream.of(Long.parseLong(fields.get(field))))
                .sum();
    }
}
