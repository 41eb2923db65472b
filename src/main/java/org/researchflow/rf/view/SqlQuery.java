package org.researchflow.rf.view;

import java.util.List;
import java.util.Optional;

/**
 * A SQLQuery: a statement with parameters, run when somebody asks.
 *
 * @param parameters in the order of the document
 */
public record SqlQuery(
        String name,
        Optional<String> description,
        SqlText sql,
        List<Dependency> dependsOn,
        List<SqlParameter> parameters,
        SourceText source)
        implements SqlLibrary {

    public SqlQuery {
        dependsOn = List.copyOf(dependsOn);
        parameters = List.copyOf(parameters);
    }
}
