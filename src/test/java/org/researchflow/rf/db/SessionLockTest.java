package org.researchflow.rf.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One holder at a time, and whoever is sent away learns who it is. */
class SessionLockTest {

    private static final String BUSY = "condition_simple is being refreshed by another run";

    private Connection first;
    private Connection second;

    @BeforeEach
    void connect() {
        first = PasswordServer.database(PasswordServer.settings()).connect();
        second = PasswordServer.database(PasswordServer.settings()).connect();
    }

    @AfterEach
    void disconnect() throws SQLException {
        first.close();
        second.close();
    }

    private static SessionLock acquire(Connection connection, String name, Duration timeout) throws SQLException {
        return SessionLock.acquire(connection, name, BUSY, timeout);
    }

    @Test
    void secondIsToldWhoHoldsIt() throws SQLException {
        try (SessionLock held = acquire(first, "condition_simple", Duration.ZERO)) {
            assertThat(held).isNotNull();
            assertThat(Failures.of(() -> acquire(second, "condition_simple", Duration.ofMillis(1))))
                    .matches("LOCKED " + BUSY + "\nholder: rf on 127\\.0\\.0\\.1, PostgreSQL pid [0-9]+,"
                            + " since [0-9-]+T[0-9:]+Z \\([0-9] s\\)");
        }
    }

    @Test
    void otherNamesAreOtherLocks() throws SQLException {
        try (SessionLock one = acquire(first, "a", Duration.ZERO);
                SessionLock other = acquire(second, "b", Duration.ZERO)) {
            assertThat(one).isNotSameAs(other);
        }
    }

    @Test
    void secondGetsItWhenTheFirstGivesItBack() throws SQLException {
        SessionLock held = acquire(first, "a", Duration.ZERO);
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try (SessionLock taken = acquire(second, "a", Duration.ofSeconds(30))) {
                assertThat(taken).isNotNull();
            } catch (SQLException e) {
                throw new AssertionError(e);
            }
        });
        held.close();
        waiting.join();
    }

    @Test
    void closedConnectionHasGivenItBack() throws SQLException {
        SessionLock held = acquire(first, "a", Duration.ZERO);
        first.close();
        held.close();
        try (SessionLock taken = acquire(second, "a", Duration.ofSeconds(30))) {
            assertThat(taken).isNotNull();
        }
    }

    @Test
    void rollbackKeepsIt() throws SQLException {
        try (SessionLock held = acquire(first, "a", Duration.ZERO)) {
            assertThat(held).isNotNull();
            assertThatThrownBy(() -> Transactions.write(first, connection -> {
                        PasswordServer.execute(connection, "select 1/0");
                        return null;
                    }))
                    .isInstanceOf(SQLException.class);
            assertThat(Failures.of(() -> acquire(second, "a", Duration.ZERO))).startsWith("LOCKED ");
        }
    }

    @Test
    void isNotTakenInsideATransaction() throws SQLException {
        first.setAutoCommit(false);
        assertThatThrownBy(() -> acquire(first, "a", Duration.ZERO))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("a session lock is taken before the transaction begins");
    }
}
