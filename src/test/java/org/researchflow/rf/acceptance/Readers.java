package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.researchflow.rf.TestDatabase;

/**
 * People who read views all the time, some statement by statement, some in repeatable-read transactions that stay open
 * for a while. They complain about errors, and about contents that no good state has.
 */
final class Readers implements AutoCloseable {

    private static final int OF_EACH_KIND = 2;
    private static final String UNDEFINED_TABLE = "42P01";

    /** PostgreSQL's words for a server that goes down, is down, or comes up. */
    private static final Set<String> LOST_SERVER = Set.of("57P01", "57P02", "57P03");

    private final TestDatabase database;
    private final GoodStates good;
    private final boolean loseSessions;
    private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    private final AtomicLong reads = new AtomicLong();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final ExecutorService threads = Executors.newFixedThreadPool(2 * OF_EACH_KIND);

    /** Begins; sessions may be lost where the server is to crash. */
    Readers(TestDatabase database, GoodStates good, boolean loseSessions) {
        this.database = database;
        this.good = good;
        this.loseSessions = loseSessions;
        for (int i = 0; i < OF_EACH_KIND; i++) {
            Random random = new Random(i);
            threads.execute(() -> read(random, Connection.TRANSACTION_READ_COMMITTED));
            threads.execute(() -> read(random, Connection.TRANSACTION_REPEATABLE_READ));
        }
    }

    /** How many rows something has, and a digest of them. */
    static String contents(TestDatabase database, String relation) throws SQLException {
        try (Connection connection = database.connect()) {
            // As rf's own sessions.
            execute(connection, "set timezone = 'UTC'");
            return contents(connection, relation);
        }
    }

    private static String contents(Connection connection, String relation) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            try (ResultSet row = statement.executeQuery(
                    "select count(*) || ' rows, ' || coalesce(sum(hashtextextended(v::text, 0)), 0) from " + relation
                            + " v")) {
                row.next();
                return Objects.requireNonNull(row.getString(1));
            }
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static boolean isOfALostServer(SQLException e) {
        String state = Objects.requireNonNullElse(e.getSQLState(), "");
        return LOST_SERVER.contains(state) || state.startsWith("08");
    }

    long reads() {
        return reads.get();
    }

    void requireNoComplaint(String told) {
        assertThat(complaints).as(told).isEmpty();
    }

    private void read(Random random, int isolation) {
        while (stop.getCount() > 0 && complaints.isEmpty()) {
            try (Connection connection = database.connect()) {
                execute(connection, "set timezone = 'UTC'");
                connection.setAutoCommit(false);
                connection.setTransactionIsolation(isolation);
                while (stop.getCount() > 0) {
                    transaction(connection, random);
                }
            } catch (SQLException e) {
                if (!loseSessions || !isOfALostServer(e)) {
                    complaints.add(e + " " + e.getSQLState());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void transaction(Connection connection, Random random) throws SQLException, InterruptedException {
        int since = good.settled();
        List<String> views = List.copyOf(good.views());
        // Its snapshot is older than whatever is published before it reads a view.
        execute(connection, "select 1");
        try {
            for (int i = random.nextInt(6); i >= 0; i--) {
                boolean _ = stop.await(random.nextInt(100), TimeUnit.MILLISECONDS);
                String view = views.get(random.nextInt(views.size()));
                String found = found(connection, view);
                reads.incrementAndGet();
                if (!good.isGood(view, found, since)) {
                    complaints.add(view + " holds " + found);
                }
                if (found.equals(GoodStates.ABSENT)) {
                    break;
                }
            }
        } finally {
            if (!connection.isClosed()) {
                connection.rollback();
            }
        }
    }

    private String found(Connection connection, String view) throws SQLException {
        try {
            return contents(connection, "sqlonfhir." + view);
        } catch (SQLException e) {
            if (good.mayBeAbsent(view) && UNDEFINED_TABLE.equals(e.getSQLState())) {
                return GoodStates.ABSENT;
            }
            throw e;
        }
    }

    @Override
    public void close() {
        stop.countDown();
        threads.close();
    }
}
