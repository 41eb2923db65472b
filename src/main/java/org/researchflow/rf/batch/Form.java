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

    /** Columns of the catalog that an older rf may not have made, as they then would be. */
    private static final String YOUNGER = """
            (select 'ViewDefinition' as kind, 'sqlonfhir' as schema_name, false as keyed, 0::bigint as set_aside)
            """.strip();

    /**
     * A query of one of the catalog's tables, with what {@link #read} needs, whichever rf made it: a name that the table
     * does not have is looked for around the query.
     *
     * @param columns what else is wanted; {@code set_aside} among it is there in any case
     * @param table and conditions on its rows
     */
    static String select(String columns, String table) {
        return "select found.* from " + YOUNGER + " as younger cross join lateral (select kind as form_kind,"
                + " schema_name as form_schema, keyed as form_keyed, " + columns + " from " + table + ") as found";
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
