package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.researchflow.rf.source.HapiSchema;
import org.researchflow.rf.sql.Identifiers;

/**
 * The three roles of a database with views, and the SQL that gives each what it needs and nothing else.
 *
 * @param reader reads the source
 * @param rf builds and refreshes views: reads as {@code reader} does, and owns rf's own schemas
 * @param analyst asks questions of views
 */
public record Roles(String reader, String rf, String analyst) {

    /** The schema that rf load fills. */
    private static final String LOADED = "rf";

    private static final String OWNED = """
            select c.relkind, n.nspname, c.relname
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where n.nspname = any (?) and c.relkind in ('r', 'v', 'm', 'S')
               and c.relowner is distinct from (select oid from pg_catalog.pg_roles where rolname = ?)
               -- A table's own sequence goes with it.
               and not exists (select from pg_catalog.pg_depend d
                                where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype in ('a', 'i')
                                  and d.refclassid = 'pg_class'::regclass and c.relkind = 'S')
             order by n.nspname, c.relname
            """;

    private static final String STORES = """
            select n.nspname, c.relname
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'sqlonfhir_store' and c.relkind in ('r', 'm') and c.relname ~ '^v[0-9]+_g[0-9]+$'
             order by c.relname
            """;

    private static final String OWNER = """
            select pg_catalog.pg_get_userbyid(c.relowner) as owner
              from pg_catalog.pg_class c
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where n.nspname = ? and c.relname = 'hfj_res_ver'
            """;

    /**
     * The script, for a database as it is now; running it again does no harm.
     *
     * @param hapi the tables of a HAPI server, where these are a source
     * @param loaded whether the resources of rf load are one
     */
    String sql(Connection connection, Optional<HapiSchema> hapi, boolean loaded) throws SQLException {
        String database = Identifiers.identifier(text(connection, "select current_database()"));
        List<String> lines = new ArrayList<>();
        lines.add("-- Rights for the database " + database + ". Run it as a superuser:  rf grants | psql");
        lines.add("begin;");
        begin(connection, reader, "", "reads resources and writes nothing", lines);
        lines.add("grant connect on database " + database + " to " + Identifiers.identifier(reader) + ";");
        if (hapi.isPresent()) {
            readHapi(connection, hapi.get(), lines);
        }
        builder(
                connection,
                database,
                loaded
                        ? List.of(Catalog.VIEWS, LiveView.SCHEMA, Catalog.STORE, LOADED)
                        : List.of(Catalog.VIEWS, LiveView.SCHEMA, Catalog.STORE),
                lines);
        if (loaded) {
            lines.add("grant usage on schema " + LOADED + " to " + Identifiers.identifier(reader) + ";");
            lines.add("grant select on all tables in schema " + LOADED + " to " + Identifiers.identifier(reader) + ";");
        }
        analyst(connection, database, lines);
        sqlViewsElsewhere(connection, lines);
        lines.add("commit;");
        return String.join("\n", lines) + "\n";
    }

    private void readHapi(Connection connection, HapiSchema schema, List<String> lines) throws SQLException {
        String role = Identifiers.identifier(reader);
        Set<String> tables = new TreeSet<>(schema.columns().keySet());
        lines.add("grant usage on schema " + Identifiers.identifier(schema.name()) + " to " + role + ";");
        lines.add("grant select on "
                + tables.stream()
                        .map(table -> Identifiers.qualified(schema.name(), table))
                        .collect(Collectors.joining(", "))
                + " to " + role + ";");
        if (schema.columns().getOrDefault("hfj_res_ver", Set.of()).contains("res_text")) {
            largeObjects(connection, schema, lines);
        }
    }

    /** HAPI before 7.0 keeps longer bodies in large objects, and each of these has rights of its own. */
    private void largeObjects(Connection connection, HapiSchema schema, List<String> lines) throws SQLException {
        lines.add("""
                -- Bodies in large objects have rights of their own, each.
                do $$
                declare body oid;
                begin
                  for body in select v.res_text
                                from %s v
                                join pg_catalog.pg_largeobject_metadata m on m.oid = v.res_text
                  loop
                    execute format('grant select on large object %%s to %%I', body, %s);
                  end loop;
                end $$;""".formatted(Identifiers.qualified(schema.name(), "hfj_res_ver"), Identifiers.literal(reader)));
        if (connection.getMetaData().getDatabaseMajorVersion() >= 18) {
            lines.add("alter default privileges for role "
                    + Identifiers.identifier(text(connection, OWNER, schema.name()))
                    + " grant select on large objects to " + Identifiers.identifier(reader) + ";");
        } else {
            lines.add(
                    "-- Run this again when HAPI has written new large objects: before 18, PostgreSQL has no default for them.");
        }
    }

    private void builder(Connection connection, String database, List<String> schemas, List<String> lines)
            throws SQLException {
        String role = Identifiers.identifier(rf);
        begin(connection, rf, " login", "builds and refreshes views, in schemas of its own", lines);
        lines.add("-- PostgreSQL refreshes materialized views by way of temporary tables.");
        lines.add("grant connect, temporary on database " + database + " to " + role + ";");
        lines.add("grant " + Identifiers.identifier(reader) + " to " + role + ";");
        lines.add("-- Lets it name who holds a lock or an old snapshot, and see that a later reader is no danger.");
        lines.add("grant pg_read_all_stats to " + role + ";");
        for (String schema : schemas) {
            lines.add("create schema if not exists " + schema + " authorization " + role + ";");
            lines.add("alter schema " + schema + " owner to " + role + ";");
        }
        try (PreparedStatement statement = connection.prepareStatement(OWNED)) {
            statement.setArray(1, connection.createArrayOf("text", schemas.toArray()));
            statement.setString(2, rf);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    String kind = switch (row.getString("relkind")) {
                        case "v" -> "view";
                        case "m" -> "materialized view";
                        case "S" -> "sequence";
                        default -> "table";
                    };
                    lines.add("alter " + kind + " "
                            + Identifiers.qualified(row.getString("nspname"), row.getString("relname")) + " owner to "
                            + role + ";");
                }
            }
        }
    }

    /** SQLViews may be in schemas of their users, whose tables they read. */
    private void sqlViewsElsewhere(Connection connection, List<String> lines) throws SQLException {
        String builder = Identifiers.identifier(rf);
        String people = Identifiers.identifier(analyst);
        Map<String, List<Materialization>> elsewhere = Catalog.all(connection).stream()
                .filter(view -> !view.form().schema().equals(Catalog.VIEWS))
                .collect(Collectors.groupingBy(view -> view.form().schema(), TreeMap::new, Collectors.toList()));
        elsewhere.forEach((name, views) -> {
            String schema = Identifiers.identifier(name);
            lines.add("");
            lines.add("-- SQLViews in a schema that is not rf's own, beside the tables that they may read.");
            lines.add("grant usage, create on schema " + schema + " to " + builder + ";");
            lines.add("grant select on all tables in schema " + schema + " to " + builder + ";");
            lines.add("grant usage on schema " + schema + " to " + people + ";");
            for (Materialization view : views) {
                lines.add("alter " + (view.form().keyed() ? "materialized view " : "view ") + view.relation()
                        + " owner to " + builder + ";");
                lines.add("grant select on " + view.relation() + " to " + people + ";");
            }
            lines.add("alter default privileges for role " + builder + " in schema " + schema
                    + " grant select on tables to " + people + ";");
        });
    }

    private void analyst(Connection connection, String database, List<String> lines) throws SQLException {
        String role = Identifiers.identifier(analyst);
        String owner = Identifiers.identifier(rf);
        begin(connection, analyst, "", "asks questions of views; grant it to people", lines);
        lines.add("grant connect on database " + database + " to " + role + ";");
        lines.add("grant usage on schema " + Catalog.VIEWS + ", " + LiveView.SCHEMA + ", " + Catalog.STORE + " to "
                + role + ";");
        lines.add(
                "grant select on all tables in schema " + Catalog.VIEWS + ", " + LiveView.SCHEMA + " to " + role + ";");
        List<String> stores = stores(connection);
        if (!stores.isEmpty()) {
            lines.add("grant select on " + String.join(", ", stores) + " to " + role + ";");
        }
        if (QueryLogTable.mayRead(connection)) {
            lines.add("grant insert on " + Catalog.VIEWS + ".query_log to " + role + ";");
        }
        if (SavedQueryTable.exists(connection)) {
            lines.add("grant insert, update, delete on " + Catalog.VIEWS + ".saved_query to " + role + ";");
        }
        lines.add("-- What rf creates from now on; the stored rows of a view get the rights of the view.");
        lines.add("alter default privileges for role " + owner + " in schema " + Catalog.VIEWS
                + " grant select on tables to " + role + ";");
    }

    private static void begin(Connection connection, String role, String login, String what, List<String> lines)
            throws SQLException {
        lines.add("");
        lines.add("-- " + Identifiers.identifier(role).replaceAll("\\R", " ") + " " + what + ".");
        if (text(connection, "select count(*) from pg_catalog.pg_roles where rolname = ?", role)
                .equals("0")) {
            lines.add("create role " + Identifiers.identifier(role) + login + ";");
        }
    }

    private static List<String> stores(Connection connection) throws SQLException {
        List<String> stores = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(STORES);
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                stores.add(Identifiers.qualified(row.getString("nspname"), row.getString("relname")));
            }
        }
        return stores;
    }

    private static String text(Connection connection, String sql, String... values) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < values.length; i++) {
                statement.setString(i + 1, values[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
