package org.researchflow.rf.plan;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.researchflow.rf.plan.Type.Kind;

/**
 * FHIR types and ANSI types into PostgreSQL's.
 *
 * @see <a href="https://sql-on-fhir.org/ig/StructureDefinition-ViewDefinition.html">the type hints of a column</a>
 */
final class ColumnTypes {

    private static final Pattern ANSI =
            Pattern.compile("(?<name>[A-Z]+(?: [A-Z]+)*)(?: ?\\((?<precision>[0-9]{1,4}(?:, ?[0-9]{1,3})?)\\))?(?<zone>"
                    + "(?: WITH| WITHOUT) TIME ZONE)?");

    private static final Map<String, String> ANSI_TYPES = Map.ofEntries(
            Map.entry("BOOLEAN", "boolean"),
            Map.entry("SMALLINT", "smallint"),
            Map.entry("INT", "integer"),
            Map.entry("INTEGER", "integer"),
            Map.entry("BIGINT", "bigint"),
            Map.entry("DECIMAL", "numeric"),
            Map.entry("DEC", "numeric"),
            Map.entry("NUMERIC", "numeric"),
            Map.entry("REAL", "real"),
            Map.entry("FLOAT", "double precision"),
            Map.entry("DOUBLE PRECISION", "double precision"),
            Map.entry("CHARACTER", "character"),
            Map.entry("CHAR", "character"),
            Map.entry("CHARACTER VARYING", "character varying"),
            Map.entry("CHAR VARYING", "character varying"),
            Map.entry("VARCHAR", "character varying"),
            Map.entry("TEXT", "text"),
            Map.entry("CLOB", "text"),
            Map.entry("CHARACTER LARGE OBJECT", "text"),
            Map.entry("BINARY", "bytea"),
            Map.entry("BINARY VARYING", "bytea"),
            Map.entry("VARBINARY", "bytea"),
            Map.entry("BLOB", "bytea"),
            Map.entry("BINARY LARGE OBJECT", "bytea"),
            Map.entry("DATE", "date"),
            Map.entry("TIME", "time"),
            Map.entry("TIMESTAMP", "timestamp"));

    private ColumnTypes() {}

    /** The PostgreSQL type in which the specification stores a FHIR type by default. */
    static String of(Type type) {
        return switch (type.name()) {
            case "boolean" -> "boolean";
            case "integer", "positiveInt", "unsignedInt" -> "integer";
            case "integer64" -> "bigint";
            case "instant" -> "timestamp with time zone";
            case "base64Binary" -> "bytea";
            default -> type.kind() == Kind.COMPLEX || type.kind() == Kind.QUANTITY ? "jsonb" : "character varying";
        };
    }

    /** The PostgreSQL type for an {@code ansi/type} tag; empty when it is none that PostgreSQL has. */
    static Optional<String> ofAnsi(String tag) {
        Matcher match = ANSI.matcher(tag.strip().toUpperCase(Locale.ROOT).replaceAll("\\s+", " "));
        if (!match.matches()) {
            return Optional.empty();
        }
        String name = match.group("name");
        String zone = Optional.ofNullable(match.group("zone")).orElse("");
        // Without a precision the zone is read as part of the name.
        for (String suffix : new String[] {" WITH TIME ZONE", " WITHOUT TIME ZONE"}) {
            if (zone.isEmpty() && name.endsWith(suffix)) {
                name = name.substring(0, name.length() - suffix.length());
                zone = suffix;
            }
        }
        String base = ANSI_TYPES.get(name);
        boolean temporal = "time".equals(base) || "timestamp".equals(base);
        if (base == null || (!zone.isEmpty() && !temporal)) {
            return Optional.empty();
        }
        boolean sized = temporal || base.equals("numeric") || base.startsWith("character");
        String precision = Optional.ofNullable(match.group("precision"))
                .filter(_ -> sized)
                .map(p -> "(" + p.replace(" ", "") + ")")
                .orElse("");
        String zoned = temporal ? (zone.equals(" WITH TIME ZONE") ? " with time zone" : " without time zone") : "";
        return Optional.of(base + precision + zoned);
    }
}
