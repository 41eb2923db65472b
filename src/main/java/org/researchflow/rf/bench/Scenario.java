package org.researchflow.rf.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/** What is compared with each other: made ready and checked to be right when it is opened, before anything is measured. */
public interface Scenario extends AutoCloseable {

    /** In the order in which they take their turns. */
    List<Subject> subjects();

    /** What a person should know of it, such as what could not be measured. */
    default List<String> remarks() {
        return List.of();
    }

    @Override
    default void close() throws SQLException, IOException {}
}
