package org.researchflow.rf.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.researchflow.rf.db.Database;

/**
 * The processor time of a PostgreSQL server on this machine, as Linux tells it; of any other server nothing is known.
 *
 * @param postmaster the number of its first process
 */
record ServerCpu(Optional<Long> postmaster) {

    private static final Path PROCESSES = Path.of("/proc");
    /** Of a line of {@code /proc/PID/stat}, after the name: parent, and user, system and waited-for children's time. */
    private static final int PARENT = 1;

    private static final List<Integer> OWN = List.of(11, 12);
    static final List<Integer> WITH_ENDED_CHILDREN = List.of(11, 12, 13, 14);
    /** The kernel's unit for programs, whatever its own clock does. */
    static final double TICKS_PER_SECOND = 100;

    /** Finds the server among this machine's processes. */
    static ServerCpu of(Database database) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                // Somebody else's machine may have a process of that number, too.
                ResultSet row = statement.executeQuery(
                        "select pg_backend_pid() where inet_client_addr() is not distinct from inet_server_addr()")) {
            return new ServerCpu(row.next() ? local(row.getLong(1)) : Optional.empty());
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    /** The parent of a server process, if it and its parent are PostgreSQL's and of this machine. */
    private static Optional<Long> local(long backend) {
        return fields(backend)
                .filter(_ -> isPostgres(backend))
                .map(fields -> Long.parseLong(fields[PARENT]))
                .filter(ServerCpu::isPostgres);
    }

    private static boolean isPostgres(long process) {
        try {
            return Files.readString(PROCESSES.resolve(Long.toString(process)).resolve("comm"))
                    .startsWith("postgres");
        } catch (IOException gone) {
            return false;
        }
    }

    /** All that the server's processes took so far. */
    OptionalDouble seconds() {
        if (postmaster.isEmpty()) {
            return OptionalDouble.empty();
        }
        long first = postmaster.get();
        try (Stream<Path> processes = Files.list(PROCESSES)) {
            return OptionalDouble.of(processes
                            .map(path -> path.getFileName().toString())
                            .filter(name -> name.chars().allMatch(Character::isDigit))
                            .map(Long::valueOf)
                            .mapToLong(process -> fields(process)
                                    .map(fields -> ticks(fields, process == first, first))
                                    .orElse(0L))
                            .sum()
                    / TICKS_PER_SECOND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long ticks(String[] fields, boolean isFirst, long first) {
        if (!isFirst && Long.parseLong(fields[PARENT]) != first) {
            return 0;
        }
        return (isFirst ? WITH_ENDED_CHILDREN : OWN)
                .stream().mapToLong(field -> Long.parseLong(fields[field])).sum();
    }

    /** What stands behind a process's name; nothing of one that has ended. */
    private static Optional<String[]> fields(long process) {
        try {
            String line =
                    Files.readString(PROCESSES.resolve(Long.toString(process)).resolve("stat"));
            return Optional.of(line.substring(line.lastIndexOf(')') + 2).split(" ", -1));
        } catch (IOException gone) {
            return Optional.empty();
        }
    }
}
