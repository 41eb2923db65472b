package org.researchflow.rf.batch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.sql.Identifiers;

/**
 * The comments on a relation and its columns.
 *
 * @param relation the one on the relation itself
 * @param columns the others, by column
 */
record Comments(Optional<String> relation, Map<String, String> columns) {

    Comments {
        columns = Map.copyOf(columns);
    }

    static Comments of(Connection connection, String relation) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("""
                select a.attname, d.description
                  from pg_catalog.pg_description d
                  left join pg_catalog.pg_attribute a
                    on a.attrelid = d.objoid and a.attnum = d.objsubid and d.objsubid > 0
                 where d.classoid = 'pg_class'::regclass and d.objoid = ?::regclass
                """)) {
            statement.setString(1, relation);
            try (ResultSet row = statement.executeQuery()) {
                Optional<String> own = Optional.empty();
                Map<String, String> columns = new LinkedHashMap<>();
                while (row.next()) {
                    @Nullable String column = row.getString("attname");
                    if (column == null) {
                        own = Optional.of(row.getString("description"));
                    } else {
                        columns.put(column, row.getString("description"));
                    }
                }
                return new Comments(own, columns);
            }
        }
    }

    /** Puts them on a relation; those on columns that it doesn't have are left out. */
    void putOn(Connection connection, String kind, String relation, Iterable<String> itsColumns) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            if (this.relation.isPresent()) {
                statement.execute(
                        "comment on " + kind + ' ' + relation + " is " + Identifiers.literal(this.relation.get()));
            }
            for (String column : itsColumns) {
                @Nullable String comment = columns.get(column);
                if (comment != null) {
                    statement.execute("comment on column " + relation + '.' + Identifiers.identifier(column) + " is "
                            + Identifiers.literal(comment));
                }
            }
        }
    }
}
