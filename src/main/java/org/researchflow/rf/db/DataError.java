package org.researchflow.rf.db;

import java.sql.SQLException;
import java.util.Optional;
import org.researchflow.rf.sql.Raised;

/**
 * An error that the data of a row caused, not the statement and not the server: other rows may do without it.
 *
 * @param state PostgreSQL's code for it
 * @param raised whether the statement raised it on purpose
 * @param text what is wrong, without any value
 */
public record DataError(String state, boolean raised, String text) {

    /** The data error in an exception, if it is one. */
    public static Optional<DataError> in(SQLException error) {
        ServerMessage message = ServerMessage.of(error);
        // 22: data exceptions; 54: more than PostgreSQL can take, such as the depth of a JSON text.
        if (!message.state().startsWith("22") && !message.state().startsWith("54")) {
            return Optional.empty();
        }
        Optional<Raised> raised = message.raised();
        return Optional.of(new DataError(
                message.state(), raised.isPresent(), raised.map(Raised::what).orElseGet(message::text)));
    }

    /** The error, if it is about data; any other one is thrown. */
    public static DataError require(SQLException error) throws SQLException {
        Optional<DataError> found = in(error);
        if (found.isEmpty()) {
            throw error;
        }
        return found.get();
    }

    /** What is wrong with a view's rows. What the statement raises on purpose names the column itself. */
    public String about(String view, Optional<String> column) {
        return raised
                ? text
                : column.map(name -> "column \"" + name + "\" of ").orElse("") + view + ": " + text + " (SQLSTATE "
                        + state + ")";
    }
}
