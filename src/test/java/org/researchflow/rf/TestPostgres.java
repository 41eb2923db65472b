package org.researchflow.rf;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.sandbox.DumpReplay;
import org.researchflow.rf.sandbox.PgDump;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The one real PostgreSQL of a test run, started when first needed: a container where a Docker engine is there (its
 * major version is the system property {@code rf.test.postgres}), the embedded server otherwise.
 */
public final class TestPostgres {

    private static final String SUPERUSER = "postgres";
    private static final String PASSWORD = "only-for-tests";
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Map<HapiDump, String> TEMPLATES = new EnumMap<>(HapiDump.class);
    private static @Nullable TestDatabase server;

    private TestPostgres() {}

    /** A new, empty database. */
    public static TestDatabase empty() {
        return create("rf_test_" + NUMBER.incrementAndGet(), "template0");
    }

    /** A new copy of the database that HAPI 8.8.0 wrote: whole where the dump is at hand, else the excerpt. */
    public static TestDatabase hapi880() {
        return copyOf(HapiDump.HAPI_880);
    }

    /** A new copy of the database that HAPI 6.2.2 wrote: whole where the dump is at hand, else the excerpt. */
    public static TestDatabase hapi622() {
        return copyOf(HapiDump.HAPI_622);
    }

    /** A new copy of the restored dump; restoring happens once, copying is cheap. */
    public static synchronized TestDatabase copyOf(HapiDump dump) {
        String template = TEMPLATES.computeIfAbsent(dump, TestPostgres::restore);
        return create("rf_test_" + NUMBER.incrementAndGet(), template);
    }

    /** A new copy of a test's own database, to which nobody is connected. */
    public static TestDatabase copyOf(TestDatabase original) {
        return create("rf_test_" + NUMBER.incrementAndGet(), original.database());
    }

    private static String restore(HapiDump dump) {
        String name = "template_" + dump.name().toLowerCase(Locale.ROOT);
        TestDatabase template = create(name, "template0");
        try (InputStream text = dump.open();
                Connection connection = template.connect()) {
            PgDump.read(text, new DumpReplay(connection));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot restore " + dump, e);
        }
        return name;
    }

    private static TestDatabase create(String name, String template) {
        TestDatabase postgres = server();
        try {
            postgres.execute("create database " + name + " template " + template + " encoding 'UTF8'");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create database " + name, e);
        }
        return postgres.as(name, SUPERUSER, PASSWORD);
    }

    private static synchronized TestDatabase server() {
        if (server == null) {
            server = DockerClientFactory.instance().isDockerAvailable() ? container() : embedded();
        }
        return server;
    }

    // The container lives as long as the JVM: Testcontainers' own reaper removes it afterwards.
    @SuppressWarnings("resource")
    private static TestDatabase container() {
        String major = System.getProperty("rf.test.postgres", "18");
        PostgreSQLContainer container = new PostgreSQLContainer(DockerImageName.parse("postgres:" + major))
                .withUsername(SUPERUSER)
                .withPassword(PASSWORD)
                .withDatabaseName("postgres")
                .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=300");
        container.start();
        return new TestDatabase(container.getHost(), container.getMappedPort(5432), "postgres", SUPERUSER, PASSWORD);
    }

    private static TestDatabase embedded() {
        try {
            EmbeddedPostgres embedded = EmbeddedPostgres.builder()
                    .setServerConfig("max_connections", "300")
                    .start();
            TestDatabase postgres = new TestDatabase("127.0.0.1", embedded.getPort(), "postgres", SUPERUSER, PASSWORD);
            askForPasswords(postgres);
            return postgres;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot set up the embedded PostgreSQL", e);
        }
    }

    /** The embedded server trusts everybody, so that a wrong password would go unnoticed. */
    private static void askForPasswords(TestDatabase postgres) throws SQLException, IOException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("alter role " + SUPERUSER + " password '" + PASSWORD + "'");
            try (ResultSet file = statement.executeQuery("show hba_file")) {
                file.next();
                Files.writeString(Path.of(file.getString(1)), "host all all 127.0.0.1/32 scram-sha-256\n");
            }
            statement.execute("select pg_reload_conf()");
        }
    }
}
