package org.researchflow.rf.view;

import java.util.List;
import java.util.Optional;

/**
 * SQL over views and tables with what it needs: a {@code Library} resource of the specification, or a file of SQL with a
 * header.
 *
 * @see <a href="https://sql-on-fhir.org/ig/StructureDefinition-SQLQuery.html">SQLQuery</a>
 */
public sealed interface SqlLibrary permits SqlView, SqlQuery {

    String name();

    Optional<String> description();

    /** The statement that PostgreSQL is to run. */
    SqlText sql();

    /** What it reads, by the names that it uses for it. */
    List<Dependency> dependsOn();

    /** The document as given. */
    SourceText source();
}
