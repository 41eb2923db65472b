package org.researchflow.rf.cli;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.sql.Reading;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** {@code rf} itself: the options that every command takes, before its name or after it. */
@Command(
        name = "rf",
        description = "Keeps SQL-on-FHIR views materialized in a HAPI FHIR server's PostgreSQL, and answers cohort"
                + " questions from them.",
        footer = {
            "rf demo",
            "rf views create-all",
            "rf query --gender male --code 73211009",
            "RF_DB_URL=postgresql://rf@db.example.org/hapi rf views list"
        })
public final class GlobalOptions {

    /** With no user, who may have a password, no query and no fragment. */
    private static final Pattern SERVER_BASE = Pattern.compile("https?://[^\\s/?#@]+(/[^\\s?#]*)?");

    @Option(
            names = "--db-url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The database: postgresql://user@host:5432/name or jdbc:postgresql://…, without a password"
                    + " (RF_DB_URL, DATABASE_URL and PGHOST, PGDATABASE, … work too).")
    private @Nullable String dbUrl;

    @Option(
            names = "--redis-url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description =
                    "The Redis of the speed layer: redis://host:6379, rediss://user@host:6379/0 with TLS and a user,"
                            + " without a password (RF_REDIS_URL and REDIS_URL work too, RF_REDIS_PASSWORD_FILE names a file).")
    private @Nullable String redisUrl;

    @Option(
            names = "--redis-prefix",
            paramLabel = "TEXT",
            scope = ScopeType.INHERIT,
            description =
                    "In front of all keys in Redis, so that several installations can share one; with a hash tag such"
                            + " as {rf}: on a Redis Cluster (RF_REDIS_PREFIX; default: nothing).")
    private @Nullable String redisPrefix;

    @Option(
            names = "--sandbox",
            scope = ScopeType.INHERIT,
            description = "Use the sandbox, whatever database is configured.")
    private boolean sandbox;

    @Option(
            names = "--source",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Where the resources are: hapi (a HAPI server's tables), resources (what rf load filled) or"
                    + " auto, whichever is there (RF_SOURCE; default: auto).")
    private @Nullable SourceName source;

    @Option(
            names = "--hapi-schema",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "The schema of HAPI's tables (RF_HAPI_SCHEMA; default: public).")
    private @Nullable String hapiSchema;

    @Option(
            names = "--hapi-time-zone",
            paramLabel = "ZONE",
            scope = ScopeType.INHERIT,
            description = "The time zone of the HAPI server's JVM, such as Europe/Paris (RF_HAPI_TIME_ZONE; default:"
                    + " UTC).")
    private @Nullable String hapiTimeZone;

    @Option(
            names = "--lenient",
            scope = ScopeType.INHERIT,
            description = "A value that does not fit the type of its column is null and counted, not an error"
                    + " (RF_LENIENT=true; needs PostgreSQL 16 or later).")
    private boolean lenient;

    @Option(
            names = "--server-base-url",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            description = "The FHIR server's own base URL: absolute references below it lead to its own resources"
                    + " (RF_SERVER_BASE_URL; default: only relative references do).")
    private @Nullable String serverBaseUrl;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "How to print the answer: table, json, ndjson, csv or markdown (default: table).")
    private OutputFormat output = OutputFormat.TABLE;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            scope = ScopeType.INHERIT,
            description = "Colour: auto, always or never (default: auto).")
    private Style.Choice color = Style.Choice.AUTO;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            description = "Print errors only, beside the answer.")
    private boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "Print SQL, timings and the causes of errors as well.")
    private boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Explain the command.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            scope = ScopeType.INHERIT,
            description = "Print the version.")
    private boolean version;

    public Optional<String> dbUrl() {
        return Optional.ofNullable(dbUrl);
    }

    Optional<String> redisUrl() {
        return Optional.ofNullable(redisUrl);
    }

    String redisPrefix(Environment environment) {
        return Optional.ofNullable(redisPrefix)
                .or(() -> environment.get("RF_REDIS_PREFIX"))
                .orElse("");
    }

    public boolean sandbox() {
        return sandbox;
    }

    public SourceName source(Environment environment) {
        if (source != null) {
            return source;
        }
        String name = environment.get("RF_SOURCE").orElse("auto");
        return Stream.of(SourceName.values())
                .filter(known -> known.toString().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> Failure.usage("no source named \"" + name + '"')
                        .note("from", "RF_SOURCE")
                        .note("try", "hapi, resources or auto"));
    }

    public String hapiSchema(Environment environment) {
        return Optional.ofNullable(hapiSchema)
                .or(() -> environment.get("RF_HAPI_SCHEMA"))
                .orElse("public");
    }

    public ZoneId hapiTimeZone(Environment environment) {
        String zone = Optional.ofNullable(hapiTimeZone)
                .or(() -> environment.get("RF_HAPI_TIME_ZONE"))
                .orElse("UTC");
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException e) {
            Failure failure = Failure.usage("no time zone named \"" + zone + '"')
                    .note("from", hapiTimeZone != null ? "--hapi-time-zone" : "RF_HAPI_TIME_ZONE")
                    .note("try", "a name such as Europe/Paris or America/New_York, or an offset such as +02:00");
            Suggestion.nearest(zone, ZoneId.getAvailableZoneIds())
                    .ifPresent(near -> failure.note("did you mean", near));
            throw failure.causedBy(e);
        }
    }

    /** How views read resources. */
    public Reading reading(Environment environment) {
        return new Reading(lenient || leniently(environment), serverBase(environment));
    }

    private static boolean leniently(Environment environment) {
        String text = environment.get("RF_LENIENT").orElse("false");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw Failure.usage("\"" + text + "\" is neither true nor false")
                        .note("from", "RF_LENIENT")
                        .note("try", "RF_LENIENT=true");
        };
    }

    private Optional<String> serverBase(Environment environment) {
        return Optional.ofNullable(serverBaseUrl)
                .or(() -> environment.get("RF_SERVER_BASE_URL"))
                .map(this::serverBase);
    }

    private String serverBase(String url) {
        if (!SERVER_BASE.matcher(url).matches()) {
            throw Failure.usage("the server's base URL is not an absolute URL")
                    .note("why", "one begins with http:// or https://, and has no user, query or fragment")
                    .note("from", serverBaseUrl != null ? "--server-base-url" : "RF_SERVER_BASE_URL")
                    .note("try", "an absolute one such as https://fhir.example.org/fhir");
        }
        return url.endsWith("/") ? url : url + '/';
    }

    OutputFormat output() {
        return output;
    }

    Style.Choice color() {
        return color;
    }

    Verbosity verbosity() {
        if (quiet && verbose) {
            throw Failure.usage("--quiet and --verbose exclude each other");
        }
        return quiet ? Verbosity.QUIET : verbose ? Verbosity.VERBOSE : Verbosity.NORMAL;
    }

    boolean helpWanted() {
        return help;
    }

    boolean versionWanted() {
        return version;
    }
}
