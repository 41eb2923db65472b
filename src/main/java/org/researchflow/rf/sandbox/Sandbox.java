package org.researchflow.rf.sandbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.researchflow.rf.Failure;
import org.researchflow.rf.sql.Identifiers;

/**
 * A private PostgreSQL and Redis with sample data, for whoever has none at hand. They listen on the loopback
 * interface only, ask for a password that only the owner of the folder can read, and run on after the command that
 * started them.
 */
public final class Sandbox {

    private static final String NO_SUCH_DATABASE = "3D000";

    private final Folder folder;
    private final PostgresServer postgres;
    private final RedisServer redis;

    private Sandbox(Folder folder, Binaries binaries) {
        this.folder = folder;
        this.postgres = new PostgresServer(folder, binaries);
        this.redis = new RedisServer(folder, binaries);
    }

    /**
     * The sandbox in {@code sandbox} under rf's folder for the user's data; there may be none yet.
     *
     * @throws Failure on a machine that its servers are not shipped for
     */
    public static Sandbox at(Path dataFolder) {
        Folder folder = new Folder(dataFolder.toAbsolutePath().normalize().resolve("sandbox"));
        Platform platform = Platform.of(System.getProperty("os.name", ""), System.getProperty("os.arch", ""));
        return new Sandbox(folder, new Binaries(folder, platform));
    }

    /** Starts what does not run, attaches to what does, and loads the sample where there is no data. */
    public SandboxAddress start(Progress progress) {
        folder.create();
        try (SandboxLock _ = SandboxLock.take(folder)) {
            State state = startServers(remembered(), progress);
            prepareDatabase(state, progress);
            return address(state);
        }
    }

    /** Where it can be reached, when it runs. */
    public Optional<SandboxAddress> running() {
        return State.read(folder).filter(_ -> postgres.pid().isPresent()).map(this::address);
    }

    /** Ends both servers and waits for that; false when none ran. */
    public boolean stop() {
        Optional<State> state = State.read(folder);
        if (state.isEmpty()) {
            return false;
        }
        try (SandboxLock _ = SandboxLock.take(folder)) {
            return stopServers(state.orElseThrow());
        }
    }

    /** Throws all its data away and starts again with the sample alone. */
    public SandboxAddress reset(Progress progress) {
        folder.create();
        try (SandboxLock _ = SandboxLock.take(folder)) {
            if (postgres.pid().isPresent()) {
                postgres.stop();
            }
            readable().ifPresentOrElse(redis::stop, redis::kill);
            postgres.discard();
            Folder.delete(folder.redisData());
            Folder.delete(folder.state());
        }
        return start(progress);
    }

    /** A further database with the sample in it; one of that name is lost. Starts the sandbox where it does not run. */
    public SandboxAddress sampleDatabase(String name, Progress progress) {
        SandboxAddress address = start(progress);
        drop(name);
        State state = State.read(folder).orElseThrow();
        progress.begun("Loading " + Sample.CONTENTS);
        execute(state, "create database " + Identifiers.identifier(name));
        try (Connection connection = postgres.connect(state, name)) {
            Sample.load(connection);
        } catch (SQLException e) {
            throw Failure.failed("cannot load the sample into a database of its own")
                    .note("why", String.valueOf(e.getMessage()))
                    .causedBy(e);
        }
        progress.done();
        return new SandboxAddress(
                address.host(), address.port(), name, address.user(), address.password(), address.redisUri());
    }

    /** Drops a further database, with whoever is connected to it. */
    public void drop(String name) {
        State.read(folder)
                .ifPresent(state ->
                        execute(state, "drop database if exists " + Identifiers.identifier(name) + " with (force)"));
    }

    /** The further databases whose names begin so. */
    public List<String> databases(String prefix) {
        Optional<State> state = State.read(folder).filter(_ -> postgres.pid().isPresent());
        List<String> names = new ArrayList<>();
        if (state.isPresent()) {
            try (Connection connection = postgres.connect(state.get(), "postgres");
                    PreparedStatement statement = connection.prepareStatement(
                            "select datname from pg_catalog.pg_database where starts_with(datname, ?)")) {
                statement.setString(1, prefix);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        names.add(row.getString(1));
                    }
                }
            } catch (SQLException e) {
                throw refused(e);
            }
        }
        return names;
    }

    private void execute(State state, String sql) {
        try (Connection connection = postgres.connect(state, "postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private static Failure refused(SQLException error) {
        return Failure.failed("the sandbox's PostgreSQL refuses something")
                .note("why", String.valueOf(error.getMessage()))
                .causedBy(error);
    }

    public SandboxStatus status() {
        Optional<State> state = State.read(folder);
        Optional<RedisServer.Running> redisNow = state.flatMap(redis::running);
        OptionalLong redisPid =
                redisNow.stream().mapToLong(RedisServer.Running::pid).findFirst();
        OptionalLong postgresPid = postgres.pid();
        Optional<String> redisProblem = state.map(State::redisProblem)
                .filter(problem -> !problem.isEmpty() && redisPid.isEmpty() && postgresPid.isPresent());
        return new SandboxStatus(
                folder.path(),
                new SandboxStatus.Server(
                        postgres.version(),
                        state.map(State::postgresPort).orElse(0),
                        postgresPid,
                        folder.postgresData(),
                        Optional.empty()),
                new SandboxStatus.Server(
                        redisNow.map(RedisServer.Running::version).orElse(RedisServer.VERSION),
                        state.map(State::redisPort).orElse(0),
                        redisPid,
                        folder.redisData(),
                        redisProblem),
                folder.sizeBytes());
    }

    /** The state of an earlier start, or that of a first one. */
    private State remembered() {
        Optional<State> state = State.read(folder);
        if (state.isEmpty() && postgres.hasData()) {
            throw Failure.failed("the sandbox's password is lost: " + folder.state() + " is not there")
                    .note("try", "rf sandbox reset     (its data is lost, and the sample loaded again)");
        }
        State current = state.orElseGet(State::fresh);
        current.write(folder);
        return current;
    }

    /** What is remembered, unless it cannot be read: a reset must work then, too. */
    private Optional<State> readable() {
        try {
            return State.read(folder);
        } catch (Failure unreadable) {
            return Optional.empty();
        }
    }

    private State startServers(State state, Progress progress) {
        State current = state;
        if (!postgres.hasData()) {
            progress.begun("Creating a private PostgreSQL " + PostgresServer.VERSION + " in " + folder.path());
            postgres.initialize(current.password());
            progress.done();
        }
        if (postgres.pid().isEmpty()) {
            progress.begun("Starting PostgreSQL " + postgres.version());
            current = postgres.start(current);
            progress.done();
        }
        if (redis.running(current).isEmpty()) {
            progress.begun("Starting Redis " + RedisServer.VERSION);
            current = redis.start(current);
            progress.done();
        }
        return current;
    }

    private boolean stopServers(State state) {
        boolean any = postgres.pid().isPresent() || redis.running(state).isPresent();
        redis.stop(state);
        if (postgres.pid().isPresent()) {
            postgres.stop();
        }
        return any;
    }

    private void prepareDatabase(State state, Progress progress) {
        try (Connection connection = connect(state)) {
            if (!Sample.isLoaded(connection)) {
                progress.begun("Loading " + Sample.CONTENTS);
                Sample.load(connection);
                progress.done();
            }
        } catch (SQLException e) {
            throw Failure.failed("cannot load the sample into the sandbox")
                    .note("why", String.valueOf(e.getMessage()))
                    .note("see", folder.postgresLog().toString())
                    .causedBy(e);
        }
    }

    private Connection connect(State state) {
        try {
            return postgres.connect(state, PostgresServer.DATABASE);
        } catch (SQLException e) {
            if (NO_SUCH_DATABASE.equals(e.getSQLState())) {
                return createDatabase(state);
            }
            throw Failure.unreachable("the sandbox's PostgreSQL runs but does not let us in")
                    .note("why", String.valueOf(e.getMessage()))
                    .note("see", folder.postgresLog().toString())
                    .note("try", "rf sandbox stop   and then   rf sandbox start")
                    .causedBy(e);
        }
    }

    private Connection createDatabase(State state) {
        try {
            try (Connection connection = postgres.connect(state, "postgres");
                    Statement statement = connection.createStatement()) {
                statement.execute("create database " + PostgresServer.DATABASE);
            }
            return postgres.connect(state, PostgresServer.DATABASE);
        } catch (SQLException e) {
            throw Failure.failed("cannot create the sandbox's database")
                    .note("why", String.valueOf(e.getMessage()))
                    .causedBy(e);
        }
    }

    private SandboxAddress address(State state) {
        Optional<String> redisUri = state.redisPort() == 0
                        || !state.redisProblem().isEmpty()
                ? Optional.empty()
                : Optional.of("redis://:" + state.password() + "@" + PostgresServer.HOST + ":" + state.redisPort());
        return new SandboxAddress(
                PostgresServer.HOST,
                state.postgresPort(),
                PostgresServer.DATABASE,
                PostgresServer.USER,
                state.password(),
                redisUri);
    }
}
