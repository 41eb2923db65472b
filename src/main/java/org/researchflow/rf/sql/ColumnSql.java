package org.researchflow.rf.sql;

import java.util.Optional;
import org.researchflow.rf.plan.Items;
import org.researchflow.rf.plan.Items.Elements;
import org.researchflow.rf.plan.Items.One;
import org.researchflow.rf.plan.Rows.Output;
import org.researchflow.rf.plan.Type;
import org.researchflow.rf.plan.Value;
import org.researchflow.rf.plan.Value.Boundary;
import org.researchflow.rf.plan.Value.Comparison;
import org.researchflow.rf.plan.Value.Field;
import org.researchflow.rf.plan.Value.Item;
import org.researchflow.rf.plan.Value.Only;
import org.researchflow.rf.plan.Value.Pick;
import org.researchflow.rf.plan.Value.ReferenceKey;
import org.researchflow.rf.plan.Value.RowIndex;
import org.researchflow.rf.plan.Var;

/** What fills a column, converted to the column's SQL type. */
final class ColumnSql {

    private final String view;
    private final ItemsSql items;

    ColumnSql(String view, ItemsSql items) {
        this.view = view;
        this.items = items;
    }

    /** The column's value as an expression of exactly its SQL type. */
    String sql(Output output) {
        String type = output.column().sqlType();
        if (output.column().collection()) {
            String element = type.substring(0, type.length() - "[]".length());
            Type from = output.items().type();
            return items.collected(
                    output.items(), fragment -> converted(fragment.value().apply(form(from, element)), from, element));
        }
        Value value = output.items() instanceof One(Value single)
                ? single
                : new Only(output.items(), "column \"" + output.column().name() + "\" of " + view);
        return converted(value, type);
    }

    private String converted(Value value, String sqlType) {
        if (sqlType.equals("date")
                && value instanceof Boundary(Value inner, boolean high)
                && isCalendar(inner.type())) {
            // Only the day is wanted: the clock and the zone of a dateTime's boundary need not be worked out.
            String text = ItemsSql.atom(items.sql(inner, Form.TEXT));
            String day = inner.type().name().equals("date") ? text : "left(" + text + ", 10)";
            return "(" + TemporalSql.dateBoundary(day, high) + ")::date";
        }
        boolean stored = value instanceof Field || value instanceof Item;
        if (stored && sqlType.equals("integer") && value.type().kind().isNumber()) {
            return ItemsSql.parenthesized(items.sql(value, Form.JSON)) + "::integer";
        }
        return converted(items.sql(value, form(value.type(), sqlType)), value.type(), sqlType);
    }

    private static boolean isCalendar(Type type) {
        return type.kind().isCalendar();
    }

    /** The form from which the SQL type is reached by one cast. */
    private static Form form(Type from, String sqlType) {
        return switch (sqlType) {
            case "boolean" -> Form.of(from) == Form.BOOLEAN ? Form.BOOLEAN : Form.TEXT;
            case "jsonb" -> Form.JSON;
            case "integer", "bigint", "smallint", "real", "double precision" ->
                Form.of(from) == Form.NUMBER ? Form.NUMBER : Form.TEXT;
            default -> sqlType.startsWith("numeric") && Form.of(from) == Form.NUMBER ? Form.NUMBER : Form.TEXT;
        };
    }

    private static String converted(String sql, Type from, String sqlType) {
        Form form = form(from, sqlType);
        if (form.sqlType().equals(sqlType)) {
            return sql;
        }
        if (sqlType.equals("bytea")) {
            return "decode(" + sql + ", 'base64')";
        }
        if (sqlType.equals("date") && from.name().equals("dateTime")) {
            return "left(" + sql + ", 10)::date";
        }
        if (sqlType.startsWith("timestamp")
                && sqlType.endsWith("with time zone")
                && from.kind().isCalendar()) {
            return from.name().equals("instant")
                    ? ItemsSql.parenthesized(sql) + "::" + sqlType
                    : TemporalSql.instant(ItemsSql.parenthesized(sql));
        }
        return ItemsSql.parenthesized(sql) + "::" + sqlType;
    }

    /** The column's value where its focus is missing: null, but a row index of 0. */
    String missing(Output output) {
        return output.items() instanceof One(RowIndex _)
                ? "0::" + output.column().sqlType()
                : "null::" + output.column().sqlType();
    }

    /** Whether the column is null by itself when the focus is. */
    static boolean isStrict(Output output, Var focus) {
        return !output.column().collection() && isStrict(output.items(), focus);
    }

    private static boolean isStrict(Items items, Var focus) {
        return switch (items) {
            case One(Value value) -> isStrict(value, focus);
            case Elements(Value object, String _, Type _) -> isStrict(object, focus);
            default -> false;
        };
    }

    private static boolean isStrict(Value value, Var focus) {
        return switch (value) {
            case Item(Var of) -> of.equals(focus);
            case Field(Value object, String _, Type _) -> isStrict(object, focus);
            case ReferenceKey(Value reference, Optional<String> _) -> isStrict(reference, focus);
            case Boundary(Value inner, boolean _) -> isStrict(inner, focus);
            case Pick(Elements(Value object, String _, Type _), Value _, boolean _) -> isStrict(object, focus);
            case Only(Elements(Value object, String _, Type _), String _) -> isStrict(object, focus);
            case Comparison(Value.Comparator _, Value left, Value right) ->
                isStrict(left, focus) || isStrict(right, focus);
            default -> false;
        };
    }
}
