package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.math.BigInteger;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.sql.Sql;

/**
 * A condition on a row of a view, as a person types it: {@code code = 44054006}, {@code birth_date_low < 1980-01-01}.
 *
 * @param column the column's name
 * @param operator as SQL has it
 * @param value what it is compared with, nothing for {@code is null}
 */
public record RowFilter(String column, String operator, Optional<String> value) {

    private static final Pattern NULL_TEST =
            Pattern.compile("\\s*(?<column>\\w+)\\s+is\\s+(?<not>not\\s+)?null\\s*", Pattern.CASE_INSENSITIVE);
    private static final Pattern COMPARISON = Pattern.compile(
            "\\s*(?<column>\\w+)\\s*(?<operator><=|>=|<>|!=|==|=|<|>|(?<=\\s)(?:not\\s+)?i?like(?=\\s))\\s*(?<value>.*)",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Map<String, String> SPELLINGS = Map.of("!=", "<>", "==", "=");

    /**
     * Reads a condition.
     *
     * @throws Failure if the text is none
     */
    public static RowFilter parse(String text) {
        Matcher nullTest = NULL_TEST.matcher(text);
        if (nullTest.matches()) {
            String operator = nullTest.group("not") == null ? "is null" : "is not null";
            return new RowFilter(nullTest.group("column"), operator, Optional.empty());
        }
        Matcher match = COMPARISON.matcher(text);
        if (!match.matches() || text.indexOf('\0') >= 0) {
            throw Failure.usage("not a condition: \"" + text.replace("\0", "\\0") + '"')
                    .note("try", "column operator value, such as 'code = 44054006', 'birth_date_low < 1980-01-01'")
                    .note("try", "operators: = <> < <= > >= like ilike, is null, is not null");
        }
        String operator = match.group("operator").toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
        return new RowFilter(
                match.group("column"),
                SPELLINGS.getOrDefault(operator, operator),
                Optional.of(unquoted(match.group("value").strip())));
    }

    /** Quotes around a value are allowed, as in SQL. */
    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("'") && value.endsWith("'");
        return quoted ? value.substring(1, value.length() - 1).replace("''", "'") : value;
    }

    /**
     * The rows of one view that meet all filters.
     *
     * @param limit at most so many rows
     * @throws Failure if the view has no such column
     */
    public static Question rows(ViewShape view, List<RowFilter> filters, Optional<Long> limit) {
        List<String> conditions = new ArrayList<>();
        List<Object> parameters = new ArrayList<>();
        for (RowFilter filter : filters) {
            Column column = filter.columnOf(view);
            String left = identifier(column.name());
            if (filter.value().isEmpty()) {
                conditions.add(left + " " + filter.operator());
                continue;
            }
            boolean pattern = filter.operator().endsWith("like");
            String type = pattern ? "text" : comparedAs(column);
            boolean asStored = type.equals(column.sqlType());
            conditions.add(
                    (asStored ? left : left + "::" + type) + " " + filter.operator() + " cast(? as " + type + ")");
            parameters.add(pattern ? filter.value().get() : filter.valueFor(type));
        }
        limit.ifPresent(parameters::add);
        String text = "select "
                + String.join(
                        ", ",
                        view.columns().stream().map(c -> identifier(c.name())).toList())
                + "\nfrom " + identifier(view.name())
                + (conditions.isEmpty() ? "" : "\nwhere " + String.join("\n  and ", conditions))
                + (limit.isPresent() ? "\nlimit ?" : "");
        return Question.ofAll(view, new Sql(text, List.copyOf(parameters)));
    }

    /** The number of a view's rows and a digest of them, whatever their order: equal bags of rows have equal digests. */
    public static Question digest(ViewShape view) {
        String name = identifier(view.name());
        // With the asterisk it is the row, be there a column of that name or not.
        String text =
                "select count(*), sum(hashtextextended(row_to_json(" + name + ".*)::text, 0)::numeric)\nfrom " + name;
        return Question.ofAll(view, Sql.of(text));
    }

    /**
     * The type as which values are compared: without the size of the column's type, to which PostgreSQL would cut the
     * value silently. Decimals may be stored as text, for their digits, but are compared as numbers.
     */
    private static String comparedAs(Column column) {
        String type = column.sqlType().replaceAll("\\(.*?\\)", "");
        boolean text = type.startsWith("character");
        return text && column.fhirType().equals("decimal") ? "numeric" : text ? "text" : type;
    }

    /** The value, if it can be one of the type: the server's own error would not say where it came from. */
    private String valueFor(String type) {
        String text = value.orElseThrow();
        boolean fits = switch (type) {
            case "boolean" -> text.matches("(?i)true|false");
            case "smallint" -> isWhole(text, Short.SIZE);
            case "integer" -> isWhole(text, Integer.SIZE);
            case "bigint" -> isWhole(text, Long.SIZE);
            case "numeric", "real", "double precision" ->
                text.matches("[+-]?([0-9]{1,30}\\.?[0-9]{0,30}|\\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?");
            case "date" -> isDate(text);
            case "timestamp with time zone", "timestamp without time zone" -> isDate(text) || isDateTime(text);
            default -> !type.equals("jsonb") && !type.endsWith("[]");
        };
        if (!fits) {
            throw Failure.usage("column " + column + " is of type " + type + "; the value in --where is not")
                    .note("try", "'" + column + " " + example(type) + "'");
        }
        return text;
    }

    private static boolean isWhole(String text, int bits) {
        return text.matches("[+-]?[0-9]{1,19}") && new BigInteger(text).bitLength() < bits;
    }

    private static boolean isDate(String text) {
        try {
            return LocalDate.parse(text).getYear() > 0;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isDateTime(String text) {
        try {
            return DateTimeFormatter.ISO_DATE_TIME.parse(text.replace(' ', 'T')) != null;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private String example(String type) {
        return switch (type) {
            case "boolean" -> operator + " true";
            case "date" -> operator + " 1980-01-31";
            case "timestamp with time zone", "timestamp without time zone" -> operator + " 1980-01-31T12:00:00Z";
            case "smallint", "integer", "bigint", "numeric", "real", "double precision" -> operator + " 42";
            default -> "like %part of it%";
        };
    }

    private Column columnOf(ViewShape view) {
        return view.column(column).orElseThrow(() -> {
            Failure failure = Failure.usage("no column \"" + column + "\" in " + view.name());
            List<String> known = view.columns().stream().map(Column::name).toList();
            Suggestion.nearest(column, known)
                    .ifPresentOrElse(
                            near -> failure.note("did you mean", near),
                            () -> failure.note("try", "one of " + String.join(", ", known)));
            return failure;
        });
    }
}
