package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.source.Obstacle;
import org.researchflow.rf.source.Resources;

/**
 * The live resources that have no rows in a generation of a view, since they cannot be read or the view's SQL fails on
 * them; written in the transaction that writes the rows.
 *
 * @param number the view's
 * @param generation the generation's
 */
record SetAside(Connection connection, long number, long generation) {

    static final String TABLE = "sqlonfhir_store.set_aside";

    /** Creates the table. */
    static final String CREATION = """
            create table if not exists sqlonfhir_store.set_aside (
              view_number bigint not null,
              generation bigint not null,
              res_id bigint not null,
              key text not null,
              version text not null,
              reason text not null,
              column_name text,
              message text,
              since timestamptz not null default statement_timestamp(),
              primary key (view_number, generation, key)
            );
            comment on table sqlonfhir_store.set_aside is 'Live resources that have no rows in a view, and why';
            """;

    /** What the view's SQL fails on does not change by itself; what cannot be read may become readable. */
    private static final String MAY_PASS = "reason not in ('INVALID_JSON', 'RULE', 'VALUE')";

    private String ours() {
        return "view_number = " + number + " and generation = " + generation;
    }

    /**
     * Adds those that cannot be read.
     *
     * @param among the table of the resources in question, if not all are
     */
    void addUnreadable(Resources resources, String type, Optional<String> among) throws SQLException {
        Optional<String> unreadable = resources.unreadable(type);
        if (unreadable.isPresent()) {
            execute("""
                    insert into %s (view_number, generation, res_id, key, version, reason)
                    select %d, %d, u.res_id, u.key, u.version::text, u.reason
                      from (%s) u%s
                        on conflict do nothing
                    """.formatted(
                            TABLE,
                            number,
                            generation,
                            unreadable.get(),
                            among.map(table -> "\n where u.res_id in (select res_id from " + table + ")")
                                    .orElse("")));
        }
    }

    /** Adds the live resources with an internal id, on which the view's SQL fails. */
    void add(String identities, long resId, Obstacle obstacle, @Nullable String column, String message)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                insert into %s (view_number, generation, res_id, key, version, reason, column_name, message)
                select ?, ?, i.res_id, i.key, i.version::text, ?, ?, ?
                  from (%s) i
                 where i.res_id = ? and i.live
                    on conflict do nothing
                """.formatted(TABLE, identities))) {
            statement.setLong(1, number);
            statement.setLong(2, generation);
            statement.setString(3, obstacle.name());
            statement.setString(4, column);
            statement.setString(5, message);
            statement.setLong(6, resId);
            statement.executeUpdate();
        }
    }

    /** Adds to a table of changes what can be read by now. */
    void addReadable(Changes changes, Resources resources, String type) throws SQLException {
        Optional<String> unreadable = resources.unreadable(type);
        if (unreadable.isPresent() && count() > 0) {
            execute("""
                    insert into %s (res_id, key)
                    select s.res_id, s.key
                      from %s s
                     where %s and %s
                       and not exists (select from (%s) u where u.res_id = s.res_id and u.reason = s.reason)
                    """.formatted(changes.table(), TABLE, ours(), MAY_PASS, unreadable.get()));
        }
    }

    /** The internal ids of those whose bodies are in large objects out of reach. */
    long[] inLargeObjects() throws SQLException {
        LongStream.Builder ids = LongStream.builder();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(ids() + " and reason in ('UNDECODED', 'NO_RIGHT', 'OBJECT_MISSING')")) {
            while (row.next()) {
                ids.add(row.getLong(1));
            }
        }
        return ids.build().toArray();
    }

    /** Forgets those whose rows are made anew. */
    void removeAmong(Changes changes) throws SQLException {
        execute("delete from " + TABLE + " where " + ours() + " and key in (select key from " + changes.table() + ")");
    }

    /** Forgets those that are gone without a trace. */
    void removeGone(String identities) throws SQLException {
        execute("delete from " + TABLE + " s where " + ours() + " and not exists (select from (" + identities
                + ") i where i.res_id = s.res_id and i.key = s.key and i.live)");
    }

    long count() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select count(*) from " + TABLE + " where " + ours())) {
            row.next();
            return row.getLong(1);
        }
    }

    /** A query of their internal ids. */
    String ids() {
        return "select res_id from " + TABLE + " where " + ours();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }
}
