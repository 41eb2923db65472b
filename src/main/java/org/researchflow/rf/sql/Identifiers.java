package org.researchflow.rf.sql;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The one place that quotes: identifiers and string literals, safe for any text. */
public final class Identifiers {

    private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

    /** The words PostgreSQL 14 to 18 reserve (or treat specially as a bare column name or label). */
    private static final Set<String> RESERVED = Set.of(
            ("all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both "
                            + "case cast char character check coalesce collate collation column concurrently constraint "
                            + "create cross current_catalog current_date current_role current_schema current_time "
                            + "current_timestamp current_user day dec decimal default deferrable desc distinct do else "
                            + "end except exists extract false fetch filter float for foreign freeze from full grant "
                            + "greatest group grouping having hour ilike in initially inner inout int integer intersect "
                            + "interval into is isnull join json json_array json_arrayagg json_exists json_object "
                            + "json_objectagg json_query json_scalar json_serialize json_table json_value lateral "
                            + "leading least left like limit localtime localtimestamp merge_action minute month national "
                            + "natural nchar none normalize not notnull null nullif numeric offset on only or order out "
                            + "outer over overlaps overlay placing position precision primary real references returning "
                            + "right row second select session_user setof similar smallint some substring symmetric "
                            + "system_user table tablesample then time timestamp to trailing treat trim true union unique "
                            + "user using values varchar variadic varying verbose when where window with within without "
                            + "xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi "
                            + "xmlroot xmlserialize xmltable year")
                    .split(" "));

    private Identifiers() {}

    /** The identifier as SQL text; quoted unless it is a plain lower-case word that means nothing else. */
    public static String identifier(String name) {
        if (name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("an identifier cannot hold a NUL character");
        }
        return PLAIN.matcher(name).matches() && !RESERVED.contains(name.toLowerCase(Locale.ROOT))
                ? name
                : '"' + name.replace("\"", "\"\"") + '"';
    }

    /** A schema-qualified name. */
    public static String qualified(String schema, String name) {
        return identifier(schema) + '.' + identifier(name);
    }

    /**
     * The text as an SQL literal that means the same whatever {@code standard_conforming_strings} says. It has no line
     * breaks, so that a query can be indented without changing what it says.
     */
    public static String literal(String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("PostgreSQL text cannot hold a NUL character");
        }
        String quoted = text.replace("'", "''");
        boolean plain = text.indexOf('\\') < 0 && text.indexOf('\n') < 0 && text.indexOf('\r') < 0;
        return plain
                ? "'" + quoted + "'"
                : " E'" + quoted.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r") + "'";
    }
}
