package org.researchflow.rf.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What is compared with each other: made ready and checked to be right when it is opened, before anything is measured. */
public interface Scenario extends AutoCloseable {

    /** In the order in which they take their turns. */
    List<Subject> subjects();

    /** The names that {@code --query} chooses from. */
    default Set<String> queries() {
        return subjects().stream()
                .map(subject -> subject.series().query())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    @Override
    default void close() throws SQLException, IOException {}
}
