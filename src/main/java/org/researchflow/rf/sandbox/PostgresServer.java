package org.researchflow.rf.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.researchflow.rf.Failure;

/** The sandbox's PostgreSQL: its data folder, and the server process that may be running on it. */
record PostgresServer(Folder folder, Binaries binaries) {

    static final String USER = "rf";
    static final String DATABASE = "hapi";
    static final String HOST = "127.0.0.1";

    /** As shipped. */
    static final String VERSION = "18";

    private static final String STARTING_UP = "57P03";
    private static final int ATTEMPTS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    boolean hasData() {
        return Files.exists(folder.postgresData());
    }

    /** Deletes the data folder and the log; a killed deletion leaves nothing that could be mistaken for data. */
    void discard() {
        Path gone = folder.path().resolve("postgres.old");
        Folder.delete(gone);
        if (hasData()) {
            try {
                Files.move(folder.postgresData(), gone, StandardCopyOption.ATOMIC_MOVE);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        Folder.delete(gone);
        Folder.delete(folder.postgresLog());
    }

    /** Makes the data folder; a killed attempt leaves nothing that a later one would mistake for it. */
    void initialize(String password) {
        Path half = folder.path().resolve("postgres.new");
        Path passwordFile = folder.path().resolve("password");
        Folder.delete(half);
        folder.writePrivately(passwordFile, password + "\n");
        try {
            ChildProcess initdb = ChildProcess.run(
                    folder.path(),
                    Unprivileged.in(folder)
                            .command(
                                    program("initdb"),
                                    "--pgdata=" + half,
                                    "--username=" + USER,
                                    "--pwfile=" + passwordFile,
                                    "--auth=scram-sha-256",
                                    "--encoding=UTF8",
                                    // The same order and case rules on every machine.
                                    "--locale=C",
                                    "--locale-provider=builtin",
                                    "--builtin-locale=C.UTF-8",
                                    "--no-instructions",
                                    "--set=listen_addresses=" + HOST,
                                    "--set=unix_socket_directories=",
                                    "--set=fsync=on",
                                    // Nobody replicates from here; loading into a new table then needs no log.
                                    "--set=wal_level=minimal",
                                    "--set=max_wal_senders=0"));
            if (!initdb.succeeded()) {
                throw Failure.failed("cannot create the sandbox's database in " + half)
                        .note("why", lastLine(initdb.output()));
            }
            Files.move(half, folder.postgresData(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            Folder.delete(passwordFile);
        }
    }

    /** The pid of the server that runs on the data folder, if one does. */
    OptionalLong pid() {
        return pidFile().stream()
                .findFirst()
                .map(line -> new ServerProcess(Long.parseLong(line.strip())))
                .filter(process -> process.runsWith(folder.postgresData().toString()))
                .map(process -> OptionalLong.of(process.pid()))
                .orElse(OptionalLong.empty());
    }

    /** Starts the server on a port that was free a moment ago, or on another one if it is no longer. */
    State start(State state) {
        State current = state;
        String problem = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            current = current.withPostgresPort(Ports.free(current.postgresPort()));
            current.write(folder);
            forgetDeadServer();
            ChildProcess start =
                    pgCtl("start", "--log=" + folder.postgresLog(), "--options=-p " + current.postgresPort());
            if (start.succeeded()) {
                return current;
            }
            problem = lastLine(start.output() + "\n" + log());
            // The children of a killed server take a moment to notice, and hold its memory until then.
            Deadline.in(PATIENCE).pause(Duration.ofMillis(200L * attempt));
        }
        throw Failure.failed("cannot start the sandbox's PostgreSQL")
                .note("why", problem)
                .note("see", folder.postgresLog().toString())
                .note("try", "rf sandbox reset     (its data is lost, and the sample loaded again)");
    }

    /** A pid file whose process is gone, or is another program by now, would keep PostgreSQL from starting. */
    private void forgetDeadServer() {
        if (pid().isEmpty()) {
            Folder.delete(folder.postgresData().resolve("postmaster.pid"));
        }
    }

    /** Ends all sessions, and returns when the server has ended. */
    void stop() {
        ChildProcess stop = pgCtl("stop", "--mode=fast");
        if (!stop.succeeded() && pid().isPresent()) {
            throw Failure.failed("the sandbox's PostgreSQL does not stop")
                    .note("why", lastLine(stop.output()))
                    .note("see", folder.postgresLog().toString());
        }
    }

    /**
     * Connects to a server that runs, waiting while it recovers from a crash. Nobody but the sandbox's own server can
     * know the password, and SCRAM makes it prove that it does.
     */
    Connection connect(State state, String database) throws SQLException {
        Deadline deadline = Deadline.in(PATIENCE);
        while (true) {
            try {
                return open(state, database);
            } catch (SQLException e) {
                if (!STARTING_UP.equals(e.getSQLState()) || !deadline.pause()) {
                    throw e;
                }
            }
        }
    }

    private static Connection open(State state, String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", state.password());
        properties.setProperty("ApplicationName", "rf sandbox");
        properties.setProperty("connectTimeout", "5");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + HOST + ":" + state.postgresPort() + "/" + database, properties);
    }

    /** The version of the data, as PostgreSQL writes it. */
    String version() {
        try {
            return Files.readString(folder.postgresData().resolve("PG_VERSION")).strip();
        } catch (NoSuchFileException e) {
            return VERSION;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ChildProcess pgCtl(String verb, String... options) {
        List<String> command = Unprivileged.in(folder)
                .command(
                        program("pg_ctl"),
                        verb,
                        "--wait",
                        "--timeout=" + (PATIENCE.toSeconds() - 5),
                        "--pgdata=" + folder.postgresData());
        command.addAll(List.of(options));
        return ChildProcess.run(folder.path(), command);
    }

    private String program(String name) {
        return binaries.postgres().resolve("bin").resolve(name).toString();
    }

    private List<String> pidFile() {
        return Optional.of(folder.postgresData().resolve("postmaster.pid")).stream()
                .filter(Files::exists)
                .flatMap(file -> lines(file).stream())
                .toList();
    }

    private String log() {
        return Files.exists(folder.postgresLog()) ? String.join("\n", lines(folder.postgresLog())) : "";
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String lastLine(String text) {
        return text.strip().lines().reduce("", (_, line) -> line);
    }
}
