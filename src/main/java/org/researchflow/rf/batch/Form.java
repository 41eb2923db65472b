package org.researchflow.rf.batch;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * What a view is, and how its rows are kept.
 *
 * @param kind what it is defined by
 * @param schema in which people find it
 * @param keyed whether it is one of PostgreSQL's own materialized views; otherwise a plain view over a stored table
 */
public record Form(Kind kind, String schema, boolean keyed) {

    /** Of a ViewDefinition. */
    static final Form VIEW_DEFINITION = new Form(Kind.VIEW_DEFINITION, Catalog.VIEWS, false);

    /** What a query needs for {@link #read}, of a table's row. */
    static String columns(String row) {
        // The catalog may be one that an older rf made.
        return """
                coalesce(to_jsonb(%1$s) ->> 'kind', 'ViewDefinition') as form_kind,
                coalesce(to_jsonb(%1$s) ->> 'schema_name', 'sqlonfhir') as form_schema,
                coalesce((to_jsonb(%1$s) ->> 'keyed')::boolean, false) as form_keyed
                """.formatted(row);
    }

    static Form read(ResultSet row) throws SQLException {
        return new Form(
                Kind.of(row.getString("form_kind")), row.getString("form_schema"), row.getBoolean("form_keyed"));
    }

    /** Whether it is SQL over other views and tables. */
    public boolean isSql() {
        return kind == Kind.SQL_VIEW;
    }
}
