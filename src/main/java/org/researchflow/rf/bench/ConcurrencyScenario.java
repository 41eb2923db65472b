package org.researchflow.rf.bench;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Pool;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;

/**
 * The diabetes question by many clients at once, over a pool of connections as a service has it: with rf around the
 * statement, and the statement alone.
 */
record ConcurrencyScenario(List<Subject> subjects) implements Scenario {

    private static final List<Integer> CLIENTS = List.of(1, 10, 50, 100);
    /** More connections than this make no server of ours faster, and use up what it lets in. */
    private static final int CONNECTIONS = 16;

    static ConcurrencyScenario open(Bed bed) throws SQLException {
        QueryScenario.materialized(bed);
        requireRoom(bed);
        BenchQuery query = new BenchQuery.OfCohort("diabetes", BenchQuery.MEN_WITH_DIABETES);
        ServerCpu cpu = ServerCpu.of(bed.database());
        // Whoever borrows a connection for each question has nobody watch it.
        Bed unwatched = bed.unwatched();
        Database database = unwatched.database();
        String statement;
        try (Connection connection = bed.database().connect()) {
            statement = Runners.asWritten(Runners.agree(query, bed, connection));
        }
        Serving serving = unwatched.serving(RunnerName.MATERIALIZED);
        List<Subject> subjects = new ArrayList<>();
        for (int clients : CLIENTS) {
            String name = name(clients);
            subjects.add(
                    new Pooled(new Series("concurrency", name, Series.FLOOR), database, clients, cpu, connection -> {
                        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
                            Runners.read(prepared);
                        }
                    }));
            subjects.add(new Pooled(
                    new Series("concurrency", name, "materialized"),
                    database,
                    clients,
                    cpu,
                    connection -> query.ask(serving, connection)));
        }
        return new ConcurrencyScenario(List.copyOf(subjects));
    }

    /** A pool that gets fewer connections than it is to have says nothing, and its figures would be of something else. */
    private static void requireRoom(Bed bed) throws SQLException {
        int wanted = CLIENTS.stream()
                .filter(clients -> bed.wants(name(clients)))
                .mapToInt(clients -> Math.min(clients, CONNECTIONS))
                .max()
                .orElse(1);
        List<Connection> opened = new ArrayList<>();
        try {
            while (opened.size() < wanted) {
                opened.add(bed.unwatched().database().connect());
            }
        } catch (Failure e) {
            throw opened.isEmpty()
                    ? e
                    : e.note(
                                    "why",
                                    "the clients share " + wanted + " connections, and there is room for "
                                            + opened.size())
                            .note("try", "rf bench concurrency --query " + name(1));
        } finally {
            for (Connection connection : opened) {
                connection.close();
            }
        }
    }

    private static String name(int clients) {
        return "clients-" + clients;
    }

    /** What a client does with a connection that it borrowed. */
    private interface Asking {
        void ask(Connection connection) throws SQLException;
    }

    /** Clients that share a pool. */
    private record Pooled(Series series, Database database, int clients, ServerCpu cpu, Asking asking)
            implements Subject {
        @Override
        public Sample run(Pace pace) throws SQLException, IOException, InterruptedException {
            try (Pool pool = database.pooled(Math.min(clients, CONNECTIONS))) {
                Client client = () -> {
                    try (Connection connection = pool.connect()) {
                        asking.ask(connection);
                    }
                };
                return new LoadGenerator(series, clients, () -> client, cpu).run(pace);
            }
        }
    }
}
