package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of one view.
 *
 * @param listed what a list of views shows of it
 * @param relation where people query it, as SQL text
 * @param description in its author's words
 * @param reads the views that it reads
 * @param columns in order
 * @param indexes of its rows
 * @param refreshes the last ones, newest first
 */
public record ViewInfo(
        ListedView listed,
        String relation,
        Optional<String> description,
        List<String> reads,
        List<Column> columns,
        List<Index> indexes,
        List<PastRefresh> refreshes) {

    public ViewInfo {
        reads = List.copyOf(reads);
        columns = List.copyOf(columns);
        indexes = List.copyOf(indexes);
        refreshes = List.copyOf(refreshes);
    }

    /** A column, with what its author says of it. */
    public record Column(String name, String type, Optional<String> comment) {}

    /** An index, as PostgreSQL writes what it is on. */
    public record Index(String name, boolean unique, String definition) {}

    static List<Column> columns(Connection connection, String relation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select attname, pg_catalog.format_type(atttypid, atttypmod) as type,
                       pg_catalog.col_description(attrelid, attnum) as comment
                  from pg_catalog.pg_attribute
                 where attrelid = to_regclass(?) and attnum > 0 and not attisdropped
                 order by attnum
                """)) {
            statement.setString(1, relation);
            try (ResultSet row = statement.executeQuery()) {
                List<Column> found = new ArrayList<>();
                while (row.next()) {
                    found.add(new Column(
                            row.getString("attname"),
                            row.getString("type"),
                            Optional.ofNullable(row.getString("comment"))));
                }
                return found;
            }
        }
    }

    static List<Index> indexes(Connection connection, String store) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select c.relname, i.indisunique, pg_catalog.pg_get_indexdef(i.indexrelid) as definition
                  from pg_catalog.pg_index i
                  join pg_catalog.pg_class c on c.oid = i.indexrelid
                 where i.indrelid = to_regclass(?)
                 order by c.relname
                """)) {
            statement.setString(1, store);
            try (ResultSet row = statement.executeQuery()) {
                List<Index> found = new ArrayList<>();
                while (row.next()) {
                    String definition = row.getString("definition");
                    found.add(new Index(
                            row.getString("relname"),
                            row.getBoolean("indisunique"),
                            definition.substring(definition.indexOf(" USING ") + " USING ".length())));
                }
                return found;
            }
        }
    }
}
