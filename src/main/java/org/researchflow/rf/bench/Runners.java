package org.researchflow.rf.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;

/** The runners of a bench as its clients, and the bare statement beside them. */
final class Runners {

    /** Those that must all give the same answer. */
    static final List<RunnerName> COMPARED = List.of(RunnerName.MATERIALIZED, RunnerName.HYBRID, RunnerName.POSTGRES);

    private Runners() {}

    /**
     * Asks all runners once.
     *
     * @return the statement of the stored rows, with its values
     * @throws Failure if two answers differ
     */
    static String agree(BenchQuery query, Bed bed, Connection connection) {
        Map<RunnerName, Long> answers = new EnumMap<>(RunnerName.class);
        AtomicReference<String> statement = new AtomicReference<>("");
        for (RunnerName runner : COMPARED) {
            answers.put(runner, query.ask(bed.serving(runner), connection, watched -> {
                if (runner == RunnerName.MATERIALIZED) {
                    statement.set(watched.toString());
                }
                return () -> {};
            }));
        }
        if (answers.values().stream().distinct().count() > 1) {
            throw Failure.failed("the runners do not agree on \"" + query.name() + "\", and nothing is measured")
                    .note("answers", answers.toString().toLowerCase(Locale.ROOT))
                    .note("try", "rf views refresh-all     (stored rows may be older than the server's)")
                    .note("try", "rf views verify          (do they hold what they should?)");
        }
        return statement.get();
    }

    /** One who asks over a connection that is kept. */
    static Client asking(BenchQuery query, Serving serving) {
        Connection connection = serving.database().connect();
        return new Client() {
            @Override
            public void once() {
                query.ask(serving, connection);
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }

    /** One who runs a prepared statement over a connection that is kept, and does nothing else. */
    static Client bare(String sql, Database database) throws SQLException {
        Connection connection = database.connect();
        PreparedStatement statement = connection.prepareStatement(asWritten(sql));
        return new Client() {
            @Override
            public void once() throws SQLException {
                read(statement);
            }

            @Override
            public void close() throws SQLException {
                connection.close();
            }
        };
    }

    /** A statement whose values are written in it has no parameters, whatever looks like one. */
    static String asWritten(String sql) {
        return sql.replace("?", "??");
    }

    static void read(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            rows.next();
            rows.getLong(1);
        }
    }
}
