package org.researchflow.rf.view;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What values a parameter takes: FHIR's primitive types, and what they are in SQL. */
public enum ParameterType {
    TEXT("text", "any text"),
    BOOLEAN("boolean", "true or false"),
    INTEGER("integer", "a whole number such as 42"),
    POSITIVE("integer", "a whole number from 1 on"),
    UNSIGNED("integer", "a whole number from 0 on"),
    LONG("bigint", "a whole number such as 42"),
    DECIMAL("numeric", "a number such as 1.5"),
    DATE("date", "a whole date such as 2026-11-20"),
    MOMENT("timestamp with time zone", "a moment with its offset such as 2026-11-20T05:00:00Z"),
    TIME("time without time zone", "a time of day such as 05:00:00");

    private final String sqlType;
    private final String example;

    ParameterType(String sqlType, String example) {
        this.sqlType = sqlType;
        this.example = example;
    }

    /** The type for FHIR's name of it, if values of it can be given on a command line. */
    static Optional<ParameterType> of(String fhirType) {
        return Optional.ofNullable(
                switch (fhirType) {
                    case "string", "code", "id", "uri", "url", "canonical", "uuid", "oid", "markdown", "text" -> TEXT;
                    case "boolean" -> BOOLEAN;
                    case "integer" -> INTEGER;
                    case "positiveInt" -> POSITIVE;
                    case "unsignedInt" -> UNSIGNED;
                    case "integer64" -> LONG;
                    case "decimal" -> DECIMAL;
                    case "date" -> DATE;
                    case "dateTime", "instant" -> MOMENT;
                    case "time" -> TIME;
                    default -> null;
                });
    }

    /** The type of the SQL parameter. */
    public String sqlType() {
        return sqlType;
    }

    /** What a value looks like, for people. */
    public String example() {
        return example;
    }

    /** The value that a text means, as the driver binds it; empty when it is none of this type. */
    public Optional<Object> value(String text) {
        try {
            return Optional.ofNullable(
                    switch (this) {
                        case TEXT -> text.indexOf('\0') < 0 ? text : null;
                        case BOOLEAN -> text.matches("true|false") ? Boolean.valueOf(text) : null;
                        case INTEGER -> atLeast(Integer.MIN_VALUE, text);
                        case POSITIVE -> atLeast(1, text);
                        case UNSIGNED -> atLeast(0, text);
                        case LONG -> whole(text, Long.SIZE) ? Long.valueOf(text) : null;
                        case DECIMAL ->
                            text.matches("[+-]?[0-9]{1,200}(\\.[0-9]{1,200})?([eE][+-]?[0-9]{1,3})?")
                                    ? new BigDecimal(text)
                                    : null;
                        case DATE -> hasYear(text) ? LocalDate.parse(text) : null;
                        case MOMENT ->
                            hasYear(text)
                                    ? OffsetDateTime.from(DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(text))
                                    : null;
                        case TIME -> LocalTime.parse(text);
                    });
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** FHIR's years have four digits; what PostgreSQL cannot hold, its driver would make infinite. */
    private static boolean hasYear(String text) {
        return text.matches("(?!0000)[0-9]{4}-.*");
    }

    private static @Nullable Integer atLeast(int least, String text) {
        return whole(text, Integer.SIZE) && Integer.parseInt(text) >= least ? Integer.valueOf(text) : null;
    }

    private static boolean whole(String text, int bits) {
        return text.matches("[+-]?[0-9]{1,19}") && new BigInteger(text).bitLength() < bits;
    }
}
