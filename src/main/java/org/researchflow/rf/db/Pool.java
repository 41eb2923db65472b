package org.researchflow.rf.db;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool.PoolInitializationException;
import java.sql.Connection;
import java.sql.SQLException;
import org.researchflow.rf.Failure;

/** A bounded number of connections to one database, shared by threads. */
public final class Pool implements AutoCloseable {

    private final Database database;
    private final HikariDataSource source;

    private Pool(Database database, HikariDataSource source) {
        this.database = database;
        this.source = source;
    }

    static Pool open(Database database, int size) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("rf");
        config.setDriverClassName("org.postgresql.Driver");
        config.setJdbcUrl(database.url());
        config.setDataSourceProperties(database.driverProperties());
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(0);
        config.setConnectionInitSql(Database.SESSION);
        // Never retried by the pool itself: a wrong password must not be tried again and again.
        config.setInitializationFailTimeout(1);
        try {
            return new Pool(database, new HikariDataSource(config));
        } catch (PoolInitializationException e) {
            throw failure(database, e);
        }
    }

    private static Failure failure(Database database, PoolInitializationException error) {
        if (error.getCause() instanceof SQLException cause) {
            return database.failure(cause);
        }
        throw error;
    }

    public Database database() {
        return database;
    }

    /** A connection in auto-commit mode; closing it gives it back. Meant for at most as many threads as the pool has room for. */
    public Connection connect() {
        try {
            Connection connection = source.getConnection();
            try {
                database.opened(connection);
            } catch (RuntimeException e) {
                connection.close();
                throw e;
            }
            return connection;
        } catch (SQLException e) {
            throw database.failure(e);
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
