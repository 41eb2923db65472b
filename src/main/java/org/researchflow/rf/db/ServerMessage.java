package org.researchflow.rf.db;

import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Raised;

/**
 * What PostgreSQL said of an error, without its DETAIL and HINT, the statement, and the values in messages about data.
 *
 * @param error the exception that knows most
 */
record ServerMessage(SQLException error) {

    /** From the first quotation mark to the last, whatever the server's language: a value may hold one itself. */
    private static final Pattern QUOTED = Pattern.compile("[\"“„«»‹›'‘’].*[\"“”«»‹›'‘’]", Pattern.DOTALL);

    private static final Pattern BYTES = Pattern.compile("0x[0-9a-fA-F]{2}( 0x[0-9a-fA-F]{2})*");

    static ServerMessage of(SQLException error) {
        return new ServerMessage(mostTelling(error));
    }

    String state() {
        return Objects.requireNonNullElse(error.getSQLState(), "");
    }

    /** A view's own SQL raised it: its text names the view's columns and holds no data. */
    Optional<Raised> raised() {
        return Raised.in(Objects.requireNonNullElse(error.getMessage(), ""));
    }

    /** A batch, a pool and a failed connection wrap the exception that knows what happened. */
    private static SQLException mostTelling(SQLException error) {
        return chain(error)
                .filter(PSQLException.class::isInstance)
                .map(PSQLException.class::cast)
                .max((a, b) -> Boolean.compare(a.getServerErrorMessage() != null, b.getServerErrorMessage() != null))
                .map(SQLException.class::cast)
                .orElse(error);
    }

    private static Stream<Throwable> chain(SQLException error) {
        return Stream.concat(Stream.of(error), Stream.ofNullable(error.getNextException()))
                .flatMap(start -> Stream.iterate((Throwable) start, Objects::nonNull, Throwable::getCause));
    }

    /** Errors in data, in constraints, and those that functions of the database raise with texts of their own. */
    boolean isAboutData() {
        return state().startsWith("22") || state().startsWith("23") || state().startsWith("P0");
    }

    Optional<ServerErrorMessage> fromServer() {
        return error instanceof PSQLException known
                ? Optional.ofNullable(known.getServerErrorMessage())
                : Optional.empty();
    }

    /** The server's primary message, or pgjdbc's, without values. */
    String text() {
        Optional<ServerErrorMessage> server = fromServer();
        String text = server.map(ServerErrorMessage::getMessage).orElse(error.getMessage());
        String line = Objects.requireNonNullElse(text, "no message")
                .lines()
                .findFirst()
                .orElse("no message");
        if (!isAboutData()) {
            return line;
        }
        if (server.isEmpty() || state().startsWith("P0")) {
            return "the message is left out, because it may quote a row";
        }
        return BYTES.matcher(QUOTED.matcher(line).replaceFirst("\"…\"")).replaceAll("…") + constraint(server.get());
    }

    private static String constraint(ServerErrorMessage message) {
        return named(" of table ", message.getTable()) + named(", constraint ", message.getConstraint());
    }

    private static String named(String label, @Nullable String name) {
        return name == null ? "" : label + Identifiers.identifier(name);
    }
}
