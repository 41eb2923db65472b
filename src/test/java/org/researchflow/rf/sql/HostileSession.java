package org.researchflow.rf.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Session settings that change what careless SQL means. */
final class HostileSession {

    private static final List<String> SETTINGS = List.of(
            "TimeZone = 'Pacific/Chatham'",
            "DateStyle = 'ISO, DMY'",
            "IntervalStyle = 'sql_standard'",
            "extra_float_digits = -15",
            "bytea_output = 'escape'",
            "search_path = ''",
            "standard_conforming_strings = off",
            "backslash_quote = on",
            "escape_string_warning = off",
            "transform_null_equals = on",
            "array_nulls = off",
            "timezone_abbreviations = 'India'");

    private HostileSession() {}

    static void set(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String setting : SETTINGS) {
                statement.execute("set " + setting);
            }
        }
    }
}
