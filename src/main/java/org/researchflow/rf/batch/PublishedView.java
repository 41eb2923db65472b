package org.researchflow.rf.batch;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.sql.ViewSql;

/**
 * A relation of one of the schemas that people query, as PostgreSQL's catalog has it.
 *
 * @param oid its row in pg_class
 * @param owner the role
 * @param ours whether it holds or reads the rows of the view number asked for; anything else is a user's own
 * @param materialized whether it is one of PostgreSQL's own materialized views
 * @param options such as {@code security_barrier=true}
 * @param columns in order
 */
record PublishedView(
        long oid, String owner, boolean ours, boolean materialized, List<String> options, List<StoredColumn> columns) {

    /** A column's name and type, as PostgreSQL writes the type. */
    record StoredColumn(String name, String type) {

        /** The same without a length or precision. */
        StoredColumn unsized() {
            return new StoredColumn(name, type.replaceAll("\\([^)]*\\)", ""));
        }
    }

    PublishedView {
        options = List.copyOf(options);
        columns = List.copyOf(columns);
    }

    private static final Set<String> HIDDEN = Set.of("rf_key", "rf_version");

    private static final String FIND = """
            select c.oid::bigint as oid, pg_catalog.pg_get_userbyid(c.relowner) as owner, c.reloptions as options,
                   c.relkind = 'm' as materialized,
                   c.relkind = 'm'
                   and exists (select from pg_catalog.pg_index i
                                 join pg_catalog.pg_class k on k.oid = i.indexrelid
                                where i.indrelid = c.oid and k.relname ~ ('^v' || ? || '_g[0-9]+_key$'))
                   or c.relkind = 'v'
                   and exists (select from pg_catalog.pg_rewrite w
                                 join pg_catalog.pg_depend d
                                   on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid
                                  and d.refclassid = 'pg_class'::regclass
                                 join pg_catalog.pg_class s on s.oid = d.refobjid
                                where w.ev_class = c.oid
                                  and s.relnamespace = (select oid from pg_catalog.pg_namespace
                                                         where nspname = 'sqlonfhir_store')
                                  and s.relname ~ ('^v' || ? || '_g[0-9]+$')) as ours
              from pg_catalog.pg_class c
             where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = ?)
               and c.relname = ?
            """;

    // What falls with the view: relations, functions and what else hangs on it, also through each other.
    private static final String DEPENDENTS = """
            with recursive dependent (classid, objid) as (
              select 'pg_class'::regclass::oid, ?::oid
               union
              select case when w.oid is null then d.classid else 'pg_class'::regclass::oid end,
                     coalesce(w.ev_class, d.objid)
                from dependent x
                join pg_catalog.pg_depend d
                  on d.refclassid = x.classid and d.refobjid = x.objid and d.deptype in ('n', 'i')
                left join pg_catalog.pg_rewrite w on d.classid = 'pg_rewrite'::regclass and w.oid = d.objid)
            select i.type || ' ' || i.identity as dependent
              from dependent
             cross join lateral pg_catalog.pg_identify_object(classid, objid, 0) i
             where objid <> ?::oid and classid <> 'pg_type'::regclass and i.type not like 'toast %'
             order by 1
            """;

    /** The relation of that name that people query, if there is one; ours when it reads the stored rows of this number. */
    static Optional<PublishedView> find(Connection connection, String name, long number) throws SQLException {
        return find(connection, Catalog.VIEWS, name, number);
    }

    /** The same in one of rf's other schemas. */
    static Optional<PublishedView> find(Connection connection, String schema, String name, long number)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, Long.toString(number));
            statement.setString(2, Long.toString(number));
            statement.setString(3, schema);
            statement.setString(4, name);
            try (ResultSet row = statement.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                long oid = row.getLong("oid");
                return Optional.of(new PublishedView(
                        oid,
                        row.getString("owner"),
                        row.getBoolean("ours"),
                        row.getBoolean("materialized"),
                        texts(row.getArray("options")),
                        columns(connection, "?::bigint::oid", oid)));
            }
        }
    }

    /** The columns of a stored table that its view shows. */
    static List<StoredColumn> shown(Connection connection, String store) throws SQLException {
        return stored(connection, store, false);
    }

    /** Those that it hides. */
    static List<StoredColumn> hidden(Connection connection, String store) throws SQLException {
        return stored(connection, store, true);
    }

    private static List<StoredColumn> stored(Connection connection, String store, boolean hidden) throws SQLException {
        return columns(connection, "?::regclass", store).stream()
                .filter(column -> hidden
                        == (HIDDEN.contains(column.name())
                                || ViewSql.misfitPosition(column.name()).isPresent()))
                .toList();
    }

    private static List<StoredColumn> columns(Connection connection, String relation, Object value)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select attname, pg_catalog.format_type(atttypid, atttypmod) as type
                  from pg_catalog.pg_attribute
                 where attrelid = %s and attnum > 0 and not attisdropped
                 order by attnum
                """.formatted(relation))) {
            statement.setObject(1, value);
            try (ResultSet row = statement.executeQuery()) {
                List<StoredColumn> columns = new ArrayList<>();
                while (row.next()) {
                    columns.add(new StoredColumn(row.getString("attname"), row.getString("type")));
                }
                return columns;
            }
        }
    }

    /** The columns without lengths and precisions, as a plan's can be told before they are built. */
    List<StoredColumn> unsizedColumns() {
        return columns.stream().map(StoredColumn::unsized).toList();
    }

    /** Whether {@code create or replace view} can do it: PostgreSQL allows it to append columns, nothing else. */
    boolean canBecome(List<StoredColumn> wanted) {
        return !materialized && appends(columns, wanted);
    }

    /** Whether it will probably be able to: a changed length is only seen when the plan's rows are there. */
    boolean couldBecome(List<StoredColumn> unsized) {
        return !materialized && appends(unsizedColumns(), unsized);
    }

    private static boolean appends(List<StoredColumn> columns, List<StoredColumn> wanted) {
        return wanted.size() >= columns.size()
                && wanted.subList(0, columns.size()).equals(columns);
    }

    /** As SQL names it. */
    String kind() {
        return materialized ? "materialized view" : "view";
    }

    List<String> dependents(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(DEPENDENTS)) {
            statement.setLong(1, oid);
            statement.setLong(2, oid);
            try (ResultSet row = statement.executeQuery()) {
                List<String> found = new ArrayList<>();
                while (row.next()) {
                    found.add(row.getString("dependent"));
                }
                return found;
            }
        }
    }

    private static List<String> texts(@Nullable Array array) throws SQLException {
        return array == null ? List.of() : List.of((String[]) array.getArray());
    }
}
