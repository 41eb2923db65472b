package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What can be seen of HAPI's tables without reading resources.
 *
 * @param layout from which versions of HAPI on tables look like these
 * @param resources how many there are, by PostgreSQL's estimate
 * @param unreadableTables those that this role may not read
 * @param largeObjects how many bodies in large objects were looked at; not all where there are many
 * @param unreadableLargeObjects how many of them this role may not read
 * @param withoutIndex a table and its columns that rf looks up rows by, and that no index has
 */
public record SourceCondition(
        String layout,
        long resources,
        List<String> unreadableTables,
        long largeObjects,
        long unreadableLargeObjects,
        List<Missing> withoutIndex) {

    /** What an index would be on. */
    public record Missing(String table, String columns) {}

    /** Enough to see whether a role was forgotten. */
    private static final int SAMPLE = 1_000;

    // An index that is still being built, or failed, serves nobody.
    private static final String INDEXED = """
            select exists (select from pg_catalog.pg_index i
                            where i.indrelid = ?::regclass and i.indisvalid and i.indpred is null
                              and (select array_agg(a.attname::text order by a.attname)
                                     from unnest(i.indkey[0:?]) k
                                     join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k)
                                  = string_to_array(?, ', '))
            """;

    public SourceCondition {
        unreadableTables = List.copyOf(unreadableTables);
        withoutIndex = List.copyOf(withoutIndex);
    }

    /** Looks; a failure where HAPI has no tables in this schema. */
    public static SourceCondition read(Connection connection, String name) throws SQLException {
        HapiSchema schema = HapiSchema.detect(connection, name);
        List<String> unreadable = unreadable(connection, schema);
        if (!unreadable.isEmpty()) {
            return new SourceCondition(layout(schema), 0, unreadable, 0, 0, List.of());
        }
        long looked = 0;
        long withheld = 0;
        if (new LargeObjects(schema).exist(connection)) {
            try (PreparedStatement statement = connection.prepareStatement(
                            """
                            select count(*) as looked, count(*) filter (where not %s) as withheld
                              from (select res_text from %s where res_text is not null limit %d) v
                              join pg_catalog.pg_largeobject_metadata m on m.oid = v.res_text
                            """.formatted(LargeObjects.READABLE, schema.table("hfj_res_ver"), SAMPLE));
                    ResultSet row = statement.executeQuery()) {
                row.next();
                looked = row.getLong("looked");
                withheld = row.getLong("withheld");
            }
        }
        return new SourceCondition(
                layout(schema),
                estimate(connection, schema),
                unreadable,
                looked,
                withheld,
                missing(connection, schema));
    }

    private static String layout(HapiSchema schema) {
        String since = schema.has("hfj_resource", "res_type_id")
                ? "8.4 or later"
                : schema.has("hfj_resource", "fhir_id") ? "6.4 to 8.2" : "6.2 or earlier";
        return "tables of HAPI " + since + (schema.keyedByPartition() ? ", in database partition mode" : "");
    }

    private static long estimate(Connection connection, HapiSchema schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                "select greatest(reltuples, 0)::bigint from pg_catalog.pg_class where oid = ?::regclass")) {
            statement.setString(1, schema.table("hfj_resource"));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
            }
        }
    }

    private static List<String> unreadable(Connection connection, HapiSchema schema) throws SQLException {
        List<String> tables = List.copyOf(new TreeSet<>(schema.columns().keySet()));
        try (PreparedStatement statement = connection.prepareStatement("""
                select t from unnest(?::text[]) t
                 where not (has_schema_privilege(?, 'usage')
                            and has_table_privilege(quote_ident(?) || '.' || quote_ident(t), 'select'))
                """)) {
            statement.setArray(1, connection.createArrayOf("text", tables.toArray()));
            statement.setString(2, schema.name());
            statement.setString(3, schema.name());
            try (ResultSet row = statement.executeQuery()) {
                List<String> unreadable = new ArrayList<>();
                while (row.next()) {
                    unreadable.add(row.getString(1));
                }
                return unreadable;
            }
        }
    }

    private static List<Missing> missing(Connection connection, HapiSchema schema) throws SQLException {
        List<Missing> missing = new ArrayList<>();
        for (Missing wanted :
                List.of(new Missing("hfj_resource", "res_id"), new Missing("hfj_res_ver", "res_id, res_ver"))) {
            if (!isIndexed(connection, schema, wanted)) {
                missing.add(new Missing(schema.table(wanted.table()), wanted.columns()));
            }
        }
        return missing;
    }

    private static boolean isIndexed(Connection connection, HapiSchema schema, Missing wanted) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(INDEXED)) {
            statement.setString(1, schema.table(wanted.table()));
            statement.setInt(
                    2, (int) wanted.columns().chars().filter(c -> c == ',').count());
            statement.setString(3, wanted.columns());
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** The SQL that makes an index without holding anybody up. */
    public static String creation(Missing missing) {
        return "create index concurrently on " + missing.table() + " (" + missing.columns() + ")";
    }
}
