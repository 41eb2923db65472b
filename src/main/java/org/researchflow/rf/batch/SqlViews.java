package org.researchflow.rf.batch;

import java.util.List;
import java.util.stream.Collectors;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.view.Definitions;
import org.researchflow.rf.view.SqlText;
import org.researchflow.rf.view.SqlView;

/** What the catalog and PostgreSQL make of SQLViews. */
public final class SqlViews {

    /** Stands where a ViewDefinition has the type of its resources. */
    static final String NO_RESOURCE = "-";

    private SqlViews() {}

    static SqlView stored(String name, String definition) {
        // The catalog knows the name: a file of SQL takes it from the file's.
        return Definitions.sqlView(name + (definition.stripLeading().startsWith("{") ? ".json" : ".sql"), definition);
    }

    static SqlView stored(Materialization view) {
        return stored(view.view(), view.definition());
    }

    static String hash(SqlView view) {
        return Fingerprint.of(view.source().text().replace("\r\n", "\n"));
    }

    /** The statement that makes a view's rows, which PostgreSQL can run as it is. */
    static String statement(SqlView view, SqlGraph graph) {
        return over(graph.sources(view), view.sql(), view.sql().text());
    }

    /**
     * SQL in which the names that it declares mean what they stand for; a name with a schema means itself.
     *
     * @param sql as it was written
     * @param text as it is run, with or without parameters
     */
    public static String over(List<SqlGraph.Source> sources, SqlText sql, String text) {
        String ctes = sources.stream()
                .filter(source -> !source.label().contains("."))
                .map(source -> Identifiers.identifier(sql.meant(source.label()))
                        + " as not materialized (select * from " + source.relation() + ")")
                .collect(Collectors.joining(",\n     "));
        // Its own "with" stays its own; a comment at its end ends with the line.
        return ctes.isEmpty() ? text : "with " + ctes + "\nselect * from (\n" + text + "\n) made";
    }
}
