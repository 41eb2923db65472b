package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.researchflow.rf.Failure;
import org.researchflow.rf.db.SessionLock;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.source.HapiResources;
import org.researchflow.rf.sql.Identifiers;

/** The two schemas and the tables in them that the {@link Catalog} is kept in. */
final class CatalogTables {

    private static final Duration CREATION = Duration.ofSeconds(10);

    /** Whether there is a catalog that can be read, as SQL text. */
    static final String READABLE = """
            (exists (select from pg_catalog.pg_class
                      where relname = 'generation' and relnamespace = to_regnamespace('sqlonfhir_store'))
             and exists (select from pg_catalog.pg_attribute a
                           join pg_catalog.pg_class t on t.oid = a.attrelid
                          where t.relname = 'materialized_view_metadata' and a.attname = 'reconciled_at'
                            and t.relnamespace = to_regnamespace('sqlonfhir')))
            """.strip();

    /** Whether the role may look into it; so it may when there is none. */
    static final String MAY_READ = """
            (select coalesce(bool_and(has_schema_privilege(n.oid, 'usage')
                                      and has_table_privilege(c.oid, 'select')), true)
               from pg_catalog.pg_class c
               join pg_catalog.pg_namespace n on n.oid = c.relnamespace
              where n.nspname = 'sqlonfhir' and c.relname = 'materialized_view_metadata')
            """.strip();

    private static final String STATE = """
            select current_user as role, current_database() as database,
                   has_database_privilege(current_database(), 'create') as may_create,
                   v.oid is not null as has_views, coalesce(has_schema_privilege(v.oid, 'create'), false) as may_views,
                   s.oid is not null as has_store, coalesce(has_schema_privilege(s.oid, 'create'), false) as may_store,
                   %s as readable,
                   (select pg_catalog.obj_description(g.oid, 'pg_class')
                      from pg_catalog.pg_class g
                     where g.relnamespace = s.oid and g.relname = 'generation') as version
              from (select) one
              left join pg_catalog.pg_namespace v on v.nspname = 'sqlonfhir'
              left join pg_catalog.pg_namespace s on s.nspname = 'sqlonfhir_store'
            """.formatted(READABLE);

    // Checks the right to create schemas even where there is nothing to create: a schema made beforehand needs none.
    private static final String SCHEMAS = """
            create schema if not exists sqlonfhir;
            create schema if not exists sqlonfhir_store;
            """;

    private static final String TABLES = """
            do $$ begin
              -- Only its owner may say what a schema is; whoever made it may have let others use it.
              if (select pg_has_role(nspowner, 'usage') from pg_catalog.pg_namespace where nspname = 'sqlonfhir') then
                comment on schema sqlonfhir is 'SQL-on-FHIR views, kept by rf: query these';
              end if;
              if (select pg_has_role(nspowner, 'usage') from pg_catalog.pg_namespace
                   where nspname = 'sqlonfhir_store') then
                comment on schema sqlonfhir_store is 'The stored rows behind the views of the schema sqlonfhir';
              end if;
            end $$;
            create sequence if not exists sqlonfhir_store.view_number;
            create table if not exists sqlonfhir_store.generation (
              view_name text not null,
              view_number bigint not null,
              generation bigint not null,
              resource_type text not null,
              definition text not null,
              settings text not null,
              definition_hash text not null,
              compiler_version integer not null,
              watermark text not null,
              watermark_at timestamptz not null,
              transaction_id text not null,
              row_count bigint not null,
              duration_ms bigint not null,
              primary key (view_number, generation)
            );
            alter table sqlonfhir_store.generation
              add column if not exists origin text not null default '',
              add column if not exists reconciled_at timestamptz,
              add column if not exists deletions text not null default '',
              add column if not exists tag_changes text not null default '',
              add column if not exists refresh_interval interval,
              add column if not exists auto_refresh boolean not null default true;
            create table if not exists sqlonfhir_store.tag_digest (
              view_number bigint not null,
              generation bigint not null,
              res_id bigint not null,
              digest uuid not null,
              primary key (view_number, generation, res_id)
            );
            comment on table sqlonfhir_store.tag_digest is 'The tags, profiles and security labels that views have seen, for those that read meta';
            create table if not exists sqlonfhir.materialized_view_metadata (
              view_name text primary key,
              view_number bigint not null unique,
              kind text not null default 'ViewDefinition',
              resource_type text not null,
              status text not null check (status in ('active', 'failed')),
              definition text not null,
              settings text not null,
              definition_hash text not null,
              compiler_version integer not null,
              generation bigint not null,
              watermark text not null,
              watermark_at timestamptz not null,
              last_refreshed timestamptz not null,
              duration_ms bigint not null,
              row_count bigint not null,
              size_bytes bigint not null,
              column_count integer not null,
              query_count bigint not null default 0,
              last_error text,
              last_error_at timestamptz,
              refresh_interval interval,
              auto_refresh boolean not null default true
            );
            alter table sqlonfhir.materialized_view_metadata
              add column if not exists origin text not null default '',
              add column if not exists reconciled_at timestamptz,
              add column if not exists deletions text not null default '',
              add column if not exists tag_changes text not null default '';
            do $$ begin
              -- Before there were schedules, auto_refresh was false for all views and meant nothing.
              if not exists (select from pg_catalog.pg_attribute
                              where attrelid = 'sqlonfhir.materialized_view_metadata'::regclass
                                and attname = 'rows_inserted') then
                alter table sqlonfhir.materialized_view_metadata
                  add column rows_inserted bigint,
                  add column rows_deleted bigint,
                  alter column auto_refresh set default true;
                update sqlonfhir.materialized_view_metadata set auto_refresh = true;
              end if;
            end $$;
            alter table sqlonfhir.materialized_view_metadata
              add column if not exists set_aside bigint not null default 0,
              add column if not exists live boolean not null default false,
              add column if not exists schema_name text not null default 'sqlonfhir',
              add column if not exists keyed boolean not null default false;
            alter table sqlonfhir_store.generation
              add column if not exists set_aside bigint not null default 0,
              add column if not exists live boolean not null default false,
              add column if not exists kind text not null default 'ViewDefinition',
              add column if not exists schema_name text not null default 'sqlonfhir',
              add column if not exists keyed boolean not null default false;
            comment on table sqlonfhir.materialized_view_metadata is 'The views of this schema: definition, watermark, last refresh';
            """;

    private static final String ALL = TABLES
            + SetAside.CREATION
            + Feeds.CREATION
            + QueryLogTable.CREATION
            + SavedQueryTable.CREATION
            + HierarchyTables.CREATION
            + RefreshHistory.CREATION
            + ResourceNames.CREATION
            + HapiResources.CREATION;

    /** What the catalog says of itself when everything in it was made: whatever is added above changes it. */
    private static final String VERSION = "Full builds: those that people read and those not yet published. Catalog "
            + Fingerprint.of(SCHEMAS + ALL).substring(0, 16);

    private CatalogTables() {}

    /** Creates what is missing; safe when two do it at once. A missing right is a {@link Failure} with the GRANT. */
    static void create(Connection connection) throws SQLException {
        boolean hasSchemas;
        try (Statement statement = connection.createStatement();
                ResultSet state = statement.executeQuery(STATE)) {
            state.next();
            requireRights(state);
            if (state.getBoolean("readable") && VERSION.equals(state.getString("version"))) {
                return;
            }
            hasSchemas = hasSchemas(state);
        }
        // "if not exists" alone fails when two create the same thing at once.
        try (SessionLock _ = SessionLock.acquire(
                connection, "rf catalog", "another run is creating the schema " + Catalog.VIEWS, CREATION)) {
            Transactions.write(connection, _ -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute((hasSchemas ? ALL : SCHEMAS + ALL)
                            + "comment on table sqlonfhir_store.generation is " + Identifiers.literal(VERSION));
                }
            });
        }
    }

    private static void requireRights(ResultSet state) throws SQLException {
        String role = Identifiers.identifier(state.getString("role"));
        if (!hasSchemas(state) && !state.getBoolean("may_create")) {
            String database = state.getString("database");
            throw Failure.failed("cannot create the schemas " + Catalog.VIEWS + " and " + Catalog.STORE)
                    .note("why", "role " + role + " may not create schemas in the database " + database)
                    .note("try", "GRANT CREATE ON DATABASE " + Identifiers.identifier(database) + " TO " + role + ";");
        }
        requireCreate(state, "has_views", "may_views", Catalog.VIEWS, role);
        requireCreate(state, "has_store", "may_store", Catalog.STORE, role);
    }

    private static boolean hasSchemas(ResultSet state) throws SQLException {
        return state.getBoolean("has_views") && state.getBoolean("has_store");
    }

    private static void requireCreate(ResultSet state, String has, String may, String schema, String role)
            throws SQLException {
        if (state.getBoolean(has) && !state.getBoolean(may)) {
            throw Failure.failed("cannot create anything in the schema " + schema)
                    .note("why", "role " + role + " has no right to")
                    .note("try", "GRANT USAGE, CREATE ON SCHEMA " + schema + " TO " + role + ";");
        }
    }

    /** Whether this database has materialized views at all. */
    static boolean exist(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select " + READABLE);
                ResultSet row = statement.executeQuery()) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Whether the schema that people query has this table: an older rf may not have made it. */
    static boolean has(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select to_regclass(?) is not null")) {
            statement.setString(1, Identifiers.qualified(Catalog.VIEWS, table));
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
