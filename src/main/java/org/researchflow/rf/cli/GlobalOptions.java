package org.researchflow.rf.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.source.SourceName;
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
public final class GlobalOptions implements PlainOptions {

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
            names = "--profile",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            description = "Use what the configuration file says below [profile.NAME] (RF_PROFILE).")
    private @Nullable String profile;

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
            names = "--log-format",
            paramLabel = "FORMAT",
            scope = ScopeType.INHERIT,
            description = "What standard error says, and what services say of their rounds: text, or json with one"
                    + " object a line (RF_LOG_FORMAT; default: text).")
    private @Nullable LogFormat logFormat;

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

    @Override
    public void fill(PlainLine line) {
        dbUrl = line.value("--db-url");
        redisUrl = line.value("--redis-url");
        redisPrefix = line.value("--redis-prefix");
        profile = line.value("--profile");
        sandbox = line.flag("--sandbox");
        source = line.choice(SourceName.values(), "--source");
        hapiSchema = line.value("--hapi-schema");
        hapiTimeZone = line.value("--hapi-time-zone");
        lenient = line.flag("--lenient");
        serverBaseUrl = line.value("--server-base-url");
        output = Objects.requireNonNullElse(line.choice(OutputFormat.values(), "-o", "--output"), output);
        logFormat = line.choice(LogFormat.values(), "--log-format");
        color = Objects.requireNonNullElse(line.choice(Style.Choice.values(), "--color"), color);
        quiet = line.flag("-q", "--quiet");
        verbose = line.flag("-v", "--verbose");
    }

    public Optional<String> dbUrl() {
        return Optional.ofNullable(dbUrl);
    }

    Optional<String> redisUrl() {
        return Optional.ofNullable(redisUrl);
    }

    Optional<String> profile() {
        return Optional.ofNullable(profile);
    }

    public boolean sandbox() {
        return sandbox;
    }

    /** The settings that were typed, by what they are called elsewhere. */
    Map<ConfigKey, String> typed() {
        Map<ConfigKey, String> typed = new LinkedHashMap<>();
        typed(typed, ConfigKey.DATABASE_URL, dbUrl);
        typed(typed, ConfigKey.REDIS_URL, redisUrl);
        typed(typed, ConfigKey.REDIS_PREFIX, redisPrefix);
        typed(typed, ConfigKey.SOURCE, source);
        typed(typed, ConfigKey.HAPI_SCHEMA, hapiSchema);
        typed(typed, ConfigKey.HAPI_TIME_ZONE, hapiTimeZone);
        typed(typed, ConfigKey.LENIENT, lenient ? "true" : null);
        typed(typed, ConfigKey.SERVER_BASE_URL, serverBaseUrl);
        return typed;
    }

    private static void typed(Map<ConfigKey, String> typed, ConfigKey key, @Nullable Object value) {
        if (value != null) {
            typed.put(key, value.toString());
        }
    }

    OutputFormat output() {
        return output;
    }

    LogFormat logFormat(Environment environment) {
        @Nullable LogFormat typed = logFormat;
        return typed == null ? LogFormat.of(environment) : typed;
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
