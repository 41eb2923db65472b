package org.researchflow.rf.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.researchflow.rf.db.PasswordServer.execute;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whole or not at all, and one moment for a reader. */
class TransactionsTest {

    private Connection connection;
    private Connection other;

    @BeforeEach
    void connect() throws SQLException {
        connection = PasswordServer.superuser().connect();
        other = PasswordServer.superuser().connect();
        execute(connection, "create table if not exists work (n int)", "truncate work");
    }

    @AfterEach
    void disconnect() throws SQLException {
        connection.close();
        other.close();
    }

    @Test
    void returnedWorkIsCommitted() throws SQLException {
        int result = Transactions.write(connection, inside -> {
            execute(inside, "insert into work values (1)");
            assertThat(count(other)).isZero();
            return 7;
        });
        assertThat(result).isEqualTo(7);
        assertThat(count(other)).isEqualTo(1);
        assertThat(connection.getAutoCommit()).isTrue();
    }

    @Test
    void thrownWorkIsRolledBack() throws SQLException {
        assertThatThrownBy(() -> Transactions.write(connection, inside -> {
                    execute(inside, "insert into work values (1)");
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
        assertThat(count(other)).isZero();
        assertThat(connection.getAutoCommit()).isTrue();
    }

    @Test
    void lostConnectionDoesNotHideTheFailure() {
        assertThatThrownBy(() -> Transactions.write(connection, inside -> {
                    inside.close();
                    throw new IllegalStateException("stop");
                }))
                .hasMessage("stop");
    }

    @Test
    void readerSeesOneMoment() throws SQLException {
        Transactions.read(connection, inside -> {
            int before = count(inside);
            execute(other, "insert into work values (1)");
            assertThat(count(inside)).isEqualTo(before);
            return before;
        });
        assertThat(count(connection)).isEqualTo(1);
    }

    @Test
    void readerCannotWriteAndTheNextTransactionCan() throws SQLException {
        assertThatThrownBy(() -> Transactions.read(connection, inside -> {
                    execute(inside, "insert into work values (1)");
                    return 0;
                }))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25006"));
        execute(connection, "insert into work values (1)");
        assertThat(count(other)).isEqualTo(1);
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from work")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
