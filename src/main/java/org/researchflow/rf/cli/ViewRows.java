package org.researchflow.rf.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.Served;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.serving.SqlQuestion;
import org.researchflow.rf.view.ViewDefinition;

/** Asks for the rows of one view and prints them as they come. */
final class ViewRows {

    private final Invocation rf;
    private final Serving serving;
    private final boolean showSql;
    private final Provenance provenance;

    ViewRows(Invocation rf, Serving serving, boolean showSql) {
        this.rf = rf;
        this.serving = serving;
        this.showSql = showSql;
        this.provenance = new Provenance(rf);
    }

    Relations print(String view, List<RowFilter> filters, Optional<Long> limit) throws IOException, SQLException {
        try (Progress.Wait wait = rf.progress().waitFor("Reading " + view)) {
            return told(serving.answer(
                    views -> RowFilter.rows(views.named(view), filters, limit), printing(wait), provenance::watch));
        }
    }

    Relations print(SqlQuestion question) {
        try (Progress.Wait wait =
                rf.progress().waitFor("Asking " + question.query().name())) {
            return told(serving.answer(question, printing(wait), provenance::watch));
        }
    }

    private Relations told(Served<Long> served) {
        if (showSql && rf.output().format() == OutputFormat.TABLE) {
            rf.messages().remark(provenance.sql());
        }
        provenance.warn(served.relations());
        return served.relations();
    }

    /** Prints the first rows of a view that need not be known, computed on the fly. */
    void preview(ViewDefinition view, int limit) {
        try (Progress.Wait wait = rf.progress().waitFor("Computing " + view.name())) {
            serving.preview(view, limit, printing(wait), provenance::watch);
        }
    }

    private Serving.Reader<Long> printing(Progress.Wait wait) {
        return (rows, relations) -> {
            wait.over();
            return print(rows, relations);
        };
    }

    private long print(ResultSet rows, Relations relations) throws SQLException {
        List<Field> fields = fields(rows.getMetaData(), 1);
        long[] count = {0};
        try {
            rf.output().rows(new Answer("rf.rows/v1", "rows", fields), sink -> {
                while (rows.next()) {
                    sink.rowOf(row(rows, 1));
                    count[0]++;
                }
                provenance.members(relations).forEach(sink::about);
                if (showSql) {
                    sink.about("sql", provenance.sql());
                }
                sink.footer(rf.output().wording().count(count[0]) + (count[0] == 1 ? " row" : " rows"));
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return count[0];
    }

    /** The columns of rows, from one on. */
    static List<Field> fields(ResultSetMetaData columns, int from) throws SQLException {
        List<Field> fields = new ArrayList<>();
        for (int i = from; i <= columns.getColumnCount(); i++) {
            String name = columns.getColumnLabel(i);
            if (fields.stream().anyMatch(field -> field.name().equals(name))) {
                throw Failure.usage("two columns of the answer are named \"" + Printable.line(name) + '"')
                        .note("try", "another name for one of them, with  as");
            }
            boolean number = columns.getColumnType(i) == Types.INTEGER
                    || columns.getColumnType(i) == Types.BIGINT
                    || columns.getColumnType(i) == Types.NUMERIC;
            fields.add(number ? Field.number(name, name) : Field.text(name, name));
        }
        return fields;
    }

    /** The values of a row, from one column on. */
    static List<@Nullable Object> row(ResultSet rows, int from) throws SQLException {
        List<@Nullable Object> row = new ArrayList<>();
        for (int i = from; i <= rows.getMetaData().getColumnCount(); i++) {
            row.add(value(rows, i));
        }
        return row;
    }

    private static @Nullable Object value(ResultSet rows, int column) throws SQLException {
        return switch (rows.getMetaData().getColumnType(column)) {
            case Types.DATE -> finite(rows.getObject(column, LocalDate.class), LocalDate.MIN, LocalDate.MAX);
            case Types.TIME -> rows.getObject(column, LocalTime.class);
            case Types.BOOLEAN,
                    Types.BIT,
                    Types.INTEGER,
                    Types.SMALLINT,
                    Types.BIGINT,
                    Types.NUMERIC,
                    Types.REAL,
                    Types.DOUBLE -> rows.getObject(column);
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> time(rows, column);
            case Types.BINARY ->
                Optional.ofNullable(rows.getBytes(column))
                        .map(HexFormat.of()::formatHex)
                        .orElse(null);
            case Types.ARRAY ->
                Optional.ofNullable(rows.getArray(column)).map(ViewRows::list).orElse(null);
            default -> rows.getString(column);
        };
    }

    private static @Nullable Object time(ResultSet rows, int column) throws SQLException {
        // The driver calls both kinds of timestamps TIMESTAMP.
        return rows.getMetaData().getColumnTypeName(column).equals("timestamptz")
                ? finite(rows.getObject(column, OffsetDateTime.class), OffsetDateTime.MIN, OffsetDateTime.MAX)
                : finite(rows.getObject(column, LocalDateTime.class), LocalDateTime.MIN, LocalDateTime.MAX);
    }

    /** The driver has the ends of what Java can count for PostgreSQL's infinities. */
    private static <T> @Nullable Object finite(@Nullable T time, T first, T last) {
        if (first.equals(time)) {
            return "-infinity";
        }
        return last.equals(time) ? "infinity" : time;
    }

    /** The items of an array as they are: numbers, truth values, nulls. */
    private static List<@Nullable Object> list(Array array) {
        try {
            List<@Nullable Object> items = new ArrayList<>();
            for (Object item : (@Nullable Object[]) array.getArray()) {
                items.add(item instanceof Number || item instanceof Boolean || item == null ? item : item.toString());
            }
            return items;
        } catch (SQLException e) {
            throw new IllegalStateException("an array that the driver has read", e);
        }
    }
}
