package org.researchflow.rf.doctor;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.Database;

/** Checks that do not keep each other from being done. */
final class Checks {

    /** Of each statement: nobody waits for a doctor. */
    private static final int LONGEST_SECONDS = 1;

    private static final Pattern VARIABLE = Pattern.compile("\\bRF_[A-Z_]+=[A-Za-z0-9_:+/.-]+");

    private static final String CANCELLED = "57014";

    /** Something that looks at a database. */
    @FunctionalInterface
    interface Check {
        List<Finding> findings() throws SQLException;
    }

    private Checks() {}

    /** Opens a session that cannot write, and that no statement holds up. */
    static Connection session(Database database) throws SQLException {
        Connection connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("set default_transaction_read_only = on; set statement_timeout = '" + LONGEST_SECONDS
                    + "s'; set lock_timeout = '200ms'");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** What the check finds; where it cannot be done, that is its finding. */
    static List<Finding> of(String name, Database database, Check check) {
        try {
            return check.findings();
        } catch (SQLException e) {
            return CANCELLED.equals(e.getSQLState())
                    ? List.of(Finding.warn(name, "not checked: it takes longer than " + LONGEST_SECONDS + " s"))
                    : List.of(of(name, database.failure(e)));
        } catch (Failure e) {
            return List.of(of(name, e));
        }
    }

    static Finding of(String name, Failure failure) {
        List<String> why = failure.notes().getOrDefault("why", List.of());
        Finding finding = Finding.fail(name, failure.what() + (why.isEmpty() ? "" : ": " + why.getFirst()));
        return failure.notes().getOrDefault("try", List.of()).stream()
                .flatMap(hint -> command(hint).stream())
                .findFirst()
                .map(finding::fix)
                .orElse(finding);
    }

    /** The command within a hint; many a hint is advice in words. */
    private static Optional<String> command(String hint) {
        if (hint.startsWith("rf ")) {
            return Optional.of(hint.replaceFirst("  .*", ""));
        }
        Matcher variable = VARIABLE.matcher(hint);
        return variable.find() ? Optional.of("export " + variable.group()) : Optional.empty();
    }
}
