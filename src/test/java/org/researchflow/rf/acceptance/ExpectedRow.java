package org.researchflow.rf.acceptance;

import java.time.YearMonth;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A row that a view should hold: the texts of its columns by name. */
final class ExpectedRow {

    private final Map<String, @Nullable String> columns = new TreeMap<>();

    ExpectedRow with(String column, @Nullable String text) {
        columns.put(column, text);
        return this;
    }

    ExpectedRow with(String column, Json value) {
        return with(column, value.text());
    }

    /** A date as written, and the first and the last day that it can mean. */
    ExpectedRow withDate(String column, Json value) {
        @Nullable String text = value.text();
        return with(column, text).with(column + "_low", low(text)).with(column + "_high", high(text));
    }

    /** A reference as written, and the key in it if it is one to that type on the same server. */
    ExpectedRow withReference(String column, String type, Json value) {
        @Nullable String text = value.at("reference").text();
        Matcher key = Pattern.compile(type + "/([^/]+)(/_history/.*)?").matcher(String.valueOf(text));
        return with(column + "_ref", text).with(column + "_id", key.matches() ? key.group(1) : null);
    }

    ExpectedRow withCoding(Json coding) {
        return with("code", coding.at("code"))
                .with("system", coding.at("system"))
                .with("display", coding.at("display"));
    }

    Map<String, @Nullable String> columns() {
        return columns;
    }

    private static @Nullable String low(@Nullable String text) {
        return text == null
                ? null
                : switch (text.length()) {
                    case 4 -> text + "-01-01";
                    case 7 -> text + "-01";
                    default -> text.substring(0, 10);
                };
    }

    private static @Nullable String high(@Nullable String text) {
        return text == null
                ? null
                : switch (text.length()) {
                    case 4 -> text + "-12-31";
                    case 7 -> YearMonth.parse(text).atEndOfMonth().toString();
                    default -> text.substring(0, 10);
                };
    }
}
