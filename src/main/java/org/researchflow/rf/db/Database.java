package org.researchflow.rf.db;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Properties;
import java.util.function.Consumer;
import org.postgresql.Driver;
import org.researchflow.rf.Failure;

/** A PostgreSQL database that can be connected to. */
public final class Database {

    private static final int CONNECT_TIMEOUT_SECONDS = 10;

    /**
     * What SQL means must not hang on the role's or the client's settings: names are those of PostgreSQL itself unless
     * they say otherwise, and times without a zone are UTC. Not sent as start-up parameters, which poolers refuse.
     *
     * <p>PostgreSQL takes every JSON array to hold a hundred items and would compile most of rf's statements to machine
     * code for the work that it expects of them, which takes longer than the statements.
     */
    static final String SESSION = "set search_path = pg_catalog; set timezone = 'UTC'; set jit = off";

    private final ConnectionSettings settings;
    private final Consumer<Connection> opened;

    public Database(ConnectionSettings settings) {
        this(settings, _ -> {});
    }

    /**
     * A database that somebody watches.
     *
     * @param opened told of each connection that is opened, to be able to stop what it does
     */
    public Database(ConnectionSettings settings, Consumer<Connection> opened) {
        this.settings = settings;
        this.opened = opened;
    }

    public ConnectionSettings settings() {
        return settings;
    }

    /** Another database, watched by the same. */
    public Database on(ConnectionSettings other) {
        return new Database(other, opened);
    }

    /** A connection of its own, in auto-commit mode; the way for commands that need one or two. */
    public Connection connect() {
        try {
            Connection connection = Objects.requireNonNull(
                    new Driver().connect(url(), driverProperties()), "pgjdbc did not accept the URL made for it");
            try (Statement statement = connection.createStatement()) {
                statement.execute(SESSION);
                opened(connection);
            } catch (SQLException | RuntimeException e) {
                connection.close();
                throw e;
            }
            return connection;
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    void opened(Connection connection) {
        opened.accept(connection);
    }

    /** A pool for work in parallel, of at most {@code size} connections; tells at once when none can be had. */
    public Pool pooled(int size) {
        return Pool.open(this, size);
    }

    /** What an error of this database's connections means for the person who ran the command. */
    public Failure failure(SQLException error) {
        return ServerError.failure(error, settings);
    }

    String url() {
        return "jdbc:postgresql://" + (settings.isLocalSocket() ? "localhost" : settings.place()) + "/";
    }

    /** Nothing in here decides what generated SQL means. */
    Properties driverProperties() {
        Properties properties = new Properties();
        properties.setProperty("PGDBNAME", settings.database());
        properties.setProperty("user", settings.user());
        // Without a password pgjdbc would read the password file by rules of its own; an empty one keeps it from that.
        properties.setProperty("password", settings.password().orElse(""));
        properties.setProperty("ApplicationName", "rf");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("connectTimeout", String.valueOf(CONNECT_TIMEOUT_SECONDS));
        // saves a round trip: the application's name travels with the first message
        properties.setProperty("assumeMinServerVersion", "9.0");
        settings.properties().forEach(properties::setProperty);
        // the server's DETAIL quotes row values
        properties.setProperty("logServerErrorDetail", "false");
        useSystemCertificates(properties);
        useLocalSocket(properties);
        limitLogin(properties);
        return properties;
    }

    /** libpq's {@code sslrootcert=system}, for which pgjdbc has a socket factory. */
    private static void useSystemCertificates(Properties properties) {
        if ("system".equals(properties.getProperty("sslrootcert"))) {
            properties.remove("sslrootcert");
            properties.setProperty("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
            // libpq takes nothing weaker in this case
            properties.setProperty("sslmode", "verify-full");
        }
    }

    private void useLocalSocket(Properties properties) {
        if (settings.isLocalSocket()) {
            properties.setProperty("socketFactory", LocalSocketFactory.class.getName());
            properties.setProperty("socketFactoryArg", settings.place());
            // as libpq: whatever sslmode says, there is no wire to protect
            properties.setProperty("sslmode", "disable");
            properties.setProperty("gssEncMode", "disable");
        }
    }

    /** pgjdbc's connectTimeout ends with the TCP handshake; libpq's also covers a server that never answers. */
    private void limitLogin(Properties properties) {
        long seconds = Long.parseLong(properties.getProperty("connectTimeout"));
        properties.putIfAbsent(
                "loginTimeout", String.valueOf(seconds * settings.addresses().size()));
    }

    @Override
    public String toString() {
        return settings.toString();
    }
}
