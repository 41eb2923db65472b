package org.researchflow.rf.source;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.researchflow.rf.Failure;
import org.researchflow.rf.sql.Identifiers;

/**
 * The tables and columns that one HAPI server's schema really has: they differ from version to version.
 *
 * @param name the schema's name
 * @param columns the columns of each of HAPI's tables that rf knows, by table
 * @param keyedByPartition whether a resource is identified by {@code (res_id, partition_id)}, as in HAPI's database
 *     partition mode
 */
public record HapiSchema(String name, Map<String, Set<String>> columns, boolean keyedByPartition) {

    private static final Map<String, List<String>> REQUIRED = Map.of(
            "hfj_resource", List.of("res_id", "res_type", "res_ver", "res_updated", "res_deleted_at"),
            "hfj_res_ver", List.of("res_id", "res_ver", "res_encoding"));

    private static final String KNOWN_TABLES =
            "'hfj_resource', 'hfj_res_ver', 'hfj_forced_id', 'hfj_res_tag', 'hfj_tag_def'";

    // The catalog shows every schema, whatever the rights: a missing right is reported by the first statement that
    // needs it, with the table's name.
    private static final String CATALOG = """
            select n.nspname, c.relname, a.attname,
                   exists (select from pg_catalog.pg_index i
                            where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey)) as in_key
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
             where c.relkind in ('r', 'p', 'v', 'm', 'f')
               and (n.nspname = ?
                    and c.relname in (%s)
                    or c.relname = 'hfj_resource' and a.attname = 'res_id')
            """.formatted(KNOWN_TABLES);

    public HapiSchema {
        Map<String, Set<String>> copy = new HashMap<>();
        columns.forEach((table, names) -> copy.put(table, Set.copyOf(names)));
        columns = Map.copyOf(copy);
    }

    /** Whether a schema, the parameter, holds HAPI's resources, as SQL text. */
    public static final String PRESENT = """
            exists (select from pg_catalog.pg_class c
                      join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                     where n.nspname = ? and c.relname = 'hfj_resource')
            """.strip();

    /** Whether a schema holds HAPI's resources. */
    public static boolean isIn(Connection connection, String schema) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select " + PRESENT)) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Looks once; throws a {@link Failure} that names the schemas with HAPI's tables when this one has none. */
    public static HapiSchema detect(Connection connection, String schema) throws SQLException {
        Map<String, Set<String>> columns = new HashMap<>();
        Set<String> schemas = new TreeSet<>();
        boolean keyedByPartition = false;
        try (PreparedStatement statement = connection.prepareStatement(CATALOG)) {
            statement.setString(1, schema);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String table = row.getString("relname");
                    String column = row.getString("attname");
                    if (table.equals("hfj_resource")) {
                        schemas.add(row.getString("nspname"));
                    }
                    if (schema.equals(row.getString("nspname"))) {
                        columns.computeIfAbsent(table, _ -> new HashSet<>()).add(column);
                        keyedByPartition |= table.equals("hfj_resource")
                                && column.equals("partition_id")
                                && row.getBoolean("in_key");
                    }
                }
            }
        }
        HapiSchema detected = new HapiSchema(schema, columns, keyedByPartition);
        detected.requireKnownLayout(schemas);
        return detected;
    }

    private void requireKnownLayout(Set<String> schemasWithResources) {
        if (!columns.containsKey("hfj_resource")) {
            throw noTables(schemasWithResources);
        }
        REQUIRED.forEach((table, required) -> {
            for (String column : required) {
                if (!has(table, column)) {
                    throw Failure.usage("schema \"" + name + "\" does not have HAPI's table layout")
                            .note("why", "there is no column " + column + " in a table " + table);
                }
            }
        });
    }

    private Failure noTables(Set<String> schemasWithResources) {
        Failure failure = Failure.usage("no HAPI FHIR tables in schema \"" + name + "\"")
                .note("why", "there is no table hfj_resource");
        for (String other : schemasWithResources) {
            failure.note("try", "--hapi-schema " + other + "   or   RF_HAPI_SCHEMA=" + other);
        }
        return schemasWithResources.isEmpty()
                ? failure.note(
                                "try",
                                "a connection to the database that the HAPI server writes to; no schema of this one holds "
                                        + "hfj_resource")
                        .note("note", "without a HAPI server:  rf load FOLDER   fills a table from Bulk Data files")
                : failure;
    }

    boolean has(String table, String column) {
        return columns.getOrDefault(table, Set.of()).contains(column);
    }

    /** An SQL expression of a text that changes whenever another schema would be detected under this name. */
    String layout() {
        return """
                (select md5(string_agg(concat_ws('.', c.relname, a.attname,
                          (select 'key' from pg_catalog.pg_index i
                            where i.indrelid = c.oid and i.indisprimary and a.attnum = any (i.indkey))),
                          ' ' order by c.relname, a.attname))
                   from pg_catalog.pg_class c
                   join pg_catalog.pg_namespace n on n.oid = c.relnamespace
                   join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                  where n.nspname = %s and c.relkind in ('r', 'p', 'v', 'm', 'f')
                    and c.relname in (%s))""".formatted(Identifiers.literal(name), KNOWN_TABLES);
    }

    String table(String table) {
        return Identifiers.qualified(name, table);
    }

    /** What tells resources of one internal id apart, as SQL text: 0 where the internal id is enough. */
    String partition(String alias) {
        return keyedByPartition ? alias + ".partition_id" : "0";
    }

    /** The join of a resource {@code r} with its current version {@code v}: never merely the newest version. */
    String currentVersion() {
        return "v.res_id = r.res_id and v.res_ver = r.res_ver"
                + (keyedByPartition ? " and v.partition_id = r.partition_id" : "");
    }
}
