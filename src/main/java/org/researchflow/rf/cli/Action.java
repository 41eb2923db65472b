package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;

/**
 * What a command does once picocli has filled in its options and arguments. What people can mend is thrown as a
 * {@link org.researchflow.rf.Failure}; other exceptions end in the words of {@link UnexpectedError}.
 */
@FunctionalInterface
public interface Action {
    ExitCode run(Invocation rf) throws IOException, SQLException, InterruptedException;
}
