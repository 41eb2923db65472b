package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.sql.Identifiers;

/**
 * A view of the schema {@code sqlonfhir_live}, which shows a materialized view's rows as they are now to whoever speaks
 * SQL. An ordinary refresh does not touch it.
 *
 * @param stored the rows that it begins with
 * @param query what it says
 */
record LiveView(Connection connection, Materialization stored, LiveSql query) {

    static final String SCHEMA = "sqlonfhir_live";

    private static final String CREATION = """
            create schema if not exists sqlonfhir_live;
            comment on schema sqlonfhir_live is 'The views of sqlonfhir with what changed since their last refresh, kept by rf';
            """;

    /** Whether a view is to be live, be it published or not. */
    static boolean isWanted(Connection connection, String view) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select coalesce(bool_or(live::boolean), false)
                  from (select to_jsonb(m) ->> 'live' as live, view_name
                          from sqlonfhir.materialized_view_metadata m
                         union all
                        select to_jsonb(g) ->> 'live', view_name
                          from sqlonfhir_store.generation g
                         where not exists (select from sqlonfhir.materialized_view_metadata m
                                            where m.view_name = g.view_name)) known
                 where view_name = ?
                """)) {
            statement.setString(1, view);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }

    /** Keeps whether a view is to be live, in a transaction. */
    static void want(Connection connection, String view, boolean live) throws SQLException {
        for (String table : List.of("sqlonfhir.materialized_view_metadata", "sqlonfhir_store.generation")) {
            try (PreparedStatement statement =
                    connection.prepareStatement("update " + table + " set live = ? where view_name = ?")) {
                statement.setBoolean(1, live);
                statement.setString(2, view);
                statement.executeUpdate();
            }
        }
    }

    /**
     * The live view of the rows that people read, if there is to be one. It is left as it was when the rows are those of
     * other settings: it refuses to show the rows of another generation than its own.
     */
    static Optional<LiveView> wanted(Connection connection, String view, SourceSettings settings) throws SQLException {
        Optional<Materialization> stored = Catalog.find(connection, view);
        return stored.isPresent() && stored.get().isOf(settings) && isWanted(connection, view)
                ? Optional.of(of(connection, stored.get(), settings))
                : Optional.empty();
    }

    /** The live view of stored rows; throws what stands in its way. */
    static LiveView of(Connection connection, Materialization stored, SourceSettings settings) throws SQLException {
        Resources resources = settings.resources(connection).lasting();
        if (!resources.state(connection).tracksTransactions()) {
            throw Failure.usage(stored.view() + " cannot be live")
                    .note(
                            "why",
                            "the resources are not in a table, so that their changes cannot be told from their rows");
        }
        return new LiveView(
                connection,
                stored,
                new LiveSql(
                        Definition.stored(stored.view(), stored.definition(), settings)
                                .plan(),
                        stored,
                        resources,
                        text(connection, "select " + resources.layout())));
    }

    /** Makes it or puts it in the place of the one before it, in a transaction. */
    void publish(boolean cascade) throws SQLException {
        ViewPlace place = new ViewPlace(connection, SCHEMA, stored.view(), stored.store(), cascade);
        List<String> columns = place.columns();
        Optional<PublishedView> old = place.find(stored.number());
        if (old.isPresent()) {
            place.requireOurs(old.get());
            place.replace(old.get(), query.text(columns));
        } else {
            execute(connection, "create view " + place.view() + " as " + query.text(columns));
            // It shows what the other view will show after its next refresh.
            Grants.of(connection, Identifiers.qualified(Catalog.VIEWS, stored.view()))
                    .giveOn(connection, place.view(), new LinkedHashSet<>(columns));
        }
        Comments.of(connection, stored.store()).putOn(connection, "view", place.view(), columns);
    }

    /** Removes the one that there is, in a transaction. */
    static void remove(Connection connection, String view, long number, boolean cascade) throws SQLException {
        ViewPlace place = new ViewPlace(connection, SCHEMA, view, "", cascade);
        Optional<PublishedView> old = place.find(number).filter(PublishedView::ours);
        if (old.isPresent()) {
            place.requireNoDependents(old.get());
            execute(connection, "drop view " + place.view() + (cascade ? " cascade" : ""));
        }
    }

    /** Creates the schema where there is none, open to those to whom the one of the other views is. */
    static void createSchema(Connection connection) throws SQLException {
        if (text(connection, "select count(*) from pg_catalog.pg_namespace where nspname = '" + SCHEMA + "'")
                .equals("1")) {
            return;
        }
        if (text(connection, "select has_database_privilege(current_database(), 'create')")
                .equals("f")) {
            throw Failure.failed("cannot create the schema " + SCHEMA)
                    .note("why", "this role may not create schemas in the database")
                    .note("try", "rf grants   makes it, with what else this role needs");
        }
        execute(connection, CREATION);
        for (String role : users(connection)) {
            execute(connection, "grant usage on schema " + SCHEMA + " to " + role);
        }
    }

    private static List<String> users(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        select r.rolname
                          from pg_catalog.pg_namespace n
                         cross join lateral pg_catalog.aclexplode(n.nspacl) a
                          left join pg_catalog.pg_roles r on r.oid = a.grantee
                         where n.nspname = 'sqlonfhir' and a.privilege_type = 'USAGE' and a.grantee <> n.nspowner
                        """)) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(Optional.ofNullable(row.getString("rolname"))
                        .map(Identifiers::identifier)
                        .orElse("public"));
            }
            return found;
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
