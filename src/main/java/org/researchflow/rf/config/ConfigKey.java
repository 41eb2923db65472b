package org.researchflow.rf.config;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A setting. Its constants are the one table from which values are resolved, files are checked, and completions and
 * documentation are made.
 */
public final class ConfigKey {
    public static final ConfigKey DATABASE_URL = named("database.url", Forms.POSTGRES)
            .flag("--db-url")
            .own("RF_DB_URL")
            .others("DATABASE_URL")
            .example("postgresql://rf@db.example.org/hapi")
            .is("The database. What it leaves open, the settings below complete.");

    public static final ConfigKey DATABASE_HOST = named("database.host", Forms.ANY)
            .others("PGHOST", "PGHOSTADDR")
            .standard("localhost")
            .example("db.example.org")
            .is("Its host, or the folder of its local socket.");

    public static final ConfigKey DATABASE_PORT = named("database.port", new Form.WholeNumber(1, 65_535))
            .others("PGPORT")
            .standard("5432")
            .is("Its port.");

    public static final ConfigKey DATABASE_NAME = named("database.name", Forms.ANY)
            .others("PGDATABASE")
            .standard("the user's name")
            .example("hapi")
            .is("The name of the database.");

    public static final ConfigKey DATABASE_USER = named("database.user", Forms.ANY)
            .others("PGUSER")
            .standard("your login name")
            .example("rf")
            .is("The role to log in as.");

    public static final ConfigKey DATABASE_PASSWORD = named("database.password", Forms.ANY)
            .others("PGPASSWORD")
            .secret()
            .is("The role's password. Better: a file, or ~/.pgpass.");

    public static final ConfigKey DATABASE_PASSWORD_FILE = named("database.password_file", Forms.FILE)
            .example("/etc/rf/database-password")
            .is("A file that holds the role's password and nothing else.");

    public static final ConfigKey DATABASE_SSL_MODE = named(
                    "database.sslmode",
                    new Form.Choice(List.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full")))
            .others("PGSSLMODE")
            .standard("prefer")
            .is("Whether the connection is encrypted, and the server's certificate verified.");

    public static final ConfigKey REDIS_URL = named("redis.url", Forms.REDIS)
            .flag("--redis-url")
            .own("RF_REDIS_URL")
            .others("REDIS_URL")
            .example("redis://localhost:6379")
            .is("The Redis of the speed layer.");

    public static final ConfigKey REDIS_PREFIX = named("redis.prefix", Forms.ANY)
            .flag("--redis-prefix")
            .own("RF_REDIS_PREFIX")
            .is("In front of all keys in Redis, so that several installations can share one.");

    public static final ConfigKey REDIS_PASSWORD_FILE = named("redis.password_file", Forms.FILE)
            .own("RF_REDIS_PASSWORD_FILE")
            .example("/etc/rf/redis-password")
            .is("A file that holds the password of Redis and nothing else.");

    public static final ConfigKey REDIS_CA_FILE = named("redis.ca_file", Forms.FILE)
            .own("RF_REDIS_CA_FILE")
            .example("/etc/rf/redis-ca.pem")
            .is("Certificates that the Redis of a rediss:// URL is trusted by.");

    public static final ConfigKey REDIS_KEEP = named(
                    "redis.keep",
                    new Form.Several(Form.Text.matching(
                            "[TYPE=]TIME, such as 24h or Observation=12h", "([A-Za-z]+ *= *)?[0-9]{1,6}(ms|s|m|h|d)")))
            .flag("--keep")
            .own("RF_KEEP")
            .standard("24h,Observation=12h")
            .is("How long changes stay in Redis, of one type or of all others.");

    public static final ConfigKey SOURCE = named("source.name", new Form.Choice(List.of("auto", "hapi", "resources")))
            .flag("--source")
            .own("RF_SOURCE")
            .standard("auto")
            .is("Where the resources are: a HAPI server's tables, or what rf load filled.");

    public static final ConfigKey HAPI_SCHEMA = named("source.hapi_schema", Forms.ANY)
            .flag("--hapi-schema")
            .own("RF_HAPI_SCHEMA")
            .standard("public")
            .is("The schema of HAPI's tables.");

    public static final ConfigKey HAPI_TIME_ZONE = named("source.hapi_time_zone", Forms.ZONE)
            .flag("--hapi-time-zone")
            .own("RF_HAPI_TIME_ZONE")
            .standard("UTC")
            .is("The time zone of the HAPI server's JVM.");

    public static final ConfigKey SERVER_BASE_URL = named("source.server_base_url", Forms.HTTP)
            .flag("--server-base-url")
            .own("RF_SERVER_BASE_URL")
            .example("https://fhir.example.org/fhir")
            .is("The FHIR server's own base URL: absolute references below it lead to its own resources.");

    public static final ConfigKey FHIR_TOKEN = named("source.fhir_token", Forms.ANY)
            .own("RF_FHIR_TOKEN")
            .secret()
            .is("A bearer token for polling over REST. Better: a file.");

    public static final ConfigKey FHIR_TOKEN_FILE = named("source.fhir_token_file", Forms.FILE)
            .flag("--token-file")
            .own("RF_FHIR_TOKEN_FILE")
            .example("/etc/rf/token")
            .is("A file that holds a bearer token for polling over REST.");

    public static final ConfigKey FHIR_USER =
            named("source.fhir_user", Forms.ANY).own("RF_FHIR_USER").is("The user for polling over REST.");

    public static final ConfigKey FHIR_PASSWORD = named("source.fhir_password", Forms.ANY)
            .own("RF_FHIR_PASSWORD")
            .secret()
            .is("That user's password. Better: a file.");

    public static final ConfigKey FHIR_PASSWORD_FILE = named("source.fhir_password_file", Forms.FILE)
            .own("RF_FHIR_PASSWORD_FILE")
            .example("/etc/rf/fhir-password")
            .is("A file that holds that user's password and nothing else.");

    public static final ConfigKey LISTEN_SECRET_FILE = named("source.listen_secret_file", Forms.FILE)
            .flag("--listen-secret-file")
            .own("RF_LISTEN_SECRET_FILE")
            .example("/etc/rf/listen-secret")
            .is("A file with the secret that senders of rest-hooks have to show.");

    public static final ConfigKey LENIENT = named("views.lenient", new Form.Truth())
            .flag("--lenient")
            .own("RF_LENIENT")
            .standard("false")
            .is("Whether a value that does not fit the type of its column is null and counted, not an error.");

    public static final ConfigKey MAX_STALENESS = named("views.max_staleness", Forms.TIME)
            .flag("--max-staleness")
            .own("RF_MAX_STALENESS")
            .example("24h")
            .is("How old a view may be, instead of its own interval.");

    public static final ConfigKey MAX_DURATION = named("views.max_duration", Forms.TIME)
            .flag("--max-duration")
            .own("RF_MAX_DURATION")
            .standard("5s")
            .is("A refresh that took longer is a warning.");

    public static final ConfigKey MAX_SIZE = named("views.max_size", Form.WholeNumber.from(1))
            .flag("--max-size")
            .own("RF_MAX_SIZE")
            .standard("50")
            .is("A view of more megabytes is a warning.");

    public static final ConfigKey RUNNER = named(
                    "query.runner", new Form.Choice(List.of("hybrid", "materialized", "postgres", "speed")))
            .flag("--runner")
            .own("RF_RUNNER", "VIEWDEF_RUNNER")
            .standard("hybrid")
            .is("Who executes queries.");

    public static final ConfigKey USE_SPEED_LAYER = named("query.use_speed_layer", new Form.Truth())
            .own("RF_USE_SPEED_LAYER", "USE_SPEED_LAYER")
            .standard("true")
            .is("Whether answers take in what changed since the last refresh.");

    public static final ConfigKey MIN_CELL = named("query.min_cell", Form.WholeNumber.from(0))
            .flag("--min-cell")
            .own("RF_MIN_CELL")
            .standard("0")
            .is("Tell no number of patients from 1 to one less than this.");

    public static final ConfigKey QUERY_LOG = named("query.log", new Form.Truth())
            .own("RF_QUERY_LOG")
            .standard("true")
            .is("Whether queries leave a line in sqlonfhir.query_log, without their values.");

    public static final ConfigKey QUERY_LOG_DAYS = named("query.log_days", new Form.WholeNumber(1, 99_999))
            .own("RF_QUERY_LOG_DAYS")
            .standard("365")
            .is("How many days the query log keeps its lines.");

    private static final List<ConfigKey> ALL = List.of(
            DATABASE_URL,
            DATABASE_HOST,
            DATABASE_PORT,
            DATABASE_NAME,
            DATABASE_USER,
            DATABASE_PASSWORD,
            DATABASE_PASSWORD_FILE,
            DATABASE_SSL_MODE,
            REDIS_URL,
            REDIS_PREFIX,
            REDIS_PASSWORD_FILE,
            REDIS_CA_FILE,
            REDIS_KEEP,
            SOURCE,
            HAPI_SCHEMA,
            HAPI_TIME_ZONE,
            SERVER_BASE_URL,
            FHIR_TOKEN,
            FHIR_TOKEN_FILE,
            FHIR_USER,
            FHIR_PASSWORD,
            FHIR_PASSWORD_FILE,
            LISTEN_SECRET_FILE,
            LENIENT,
            MAX_STALENESS,
            MAX_DURATION,
            MAX_SIZE,
            RUNNER,
            USE_SPEED_LAYER,
            MIN_CELL,
            QUERY_LOG,
            QUERY_LOG_DAYS);

    private final Names names;
    private final String description;

    private ConfigKey(Names names, String description) {
        this.names = names;
        this.description = description;
    }

    /**
     * Where a setting can be given.
     *
     * @param key in a file, below its table
     * @param own rf's variables, the strongest first
     * @param others of other programs
     * @param standard what holds when nobody says anything, in words where it depends
     * @param example instead of that, for those who write a file
     */
    private record Names(
            String key,
            Form form,
            @Nullable String flag,
            List<String> own,
            List<String> others,
            @Nullable String standard,
            @Nullable String example,
            boolean isSecret) {

        Names flag(String name) {
            return new Names(key, form, name, own, others, standard, example, isSecret);
        }

        Names own(String... variables) {
            return new Names(key, form, flag, List.of(variables), others, standard, example, isSecret);
        }

        Names others(String... variables) {
            return new Names(key, form, flag, own, List.of(variables), standard, example, isSecret);
        }

        Names standard(String value) {
            return new Names(key, form, flag, own, others, value, example, isSecret);
        }

        Names example(String value) {
            return new Names(key, form, flag, own, others, standard, value, isSecret);
        }

        Names secret() {
            return new Names(key, form, flag, own, others, standard, example, true);
        }

        ConfigKey is(String description) {
            return new ConfigKey(this, description);
        }
    }

    private static Names named(String key, Form form) {
        return new Names(key, form, null, List.of(), List.of(), null, null, false);
    }

    /** All settings, in the order in which people read them. */
    public static List<ConfigKey> all() {
        return ALL;
    }

    /** As in a file: {@code database.url}. */
    public String key() {
        return names.key();
    }

    /** The table of a file that it stands in: {@code database}. */
    public String table() {
        return key().substring(0, key().indexOf('.'));
    }

    /** Its name within that table. */
    public String nameInTable() {
        return key().substring(key().indexOf('.') + 1);
    }

    public Form form() {
        return names.form();
    }

    public Optional<String> flag() {
        return Optional.ofNullable(names.flag());
    }

    /** rf's own variables for it, the strongest first. */
    public List<String> ownVariables() {
        return names.own();
    }

    /** Variables of other programs that say it, too. */
    public List<String> otherVariables() {
        return names.others();
    }

    /** What holds when nobody says anything. */
    public Optional<String> standard() {
        return Optional.ofNullable(names.standard());
    }

    /** A value for those who write a file. */
    String example() {
        return Optional.ofNullable(names.example()).or(this::standard).orElse("…");
    }

    public String description() {
        return description;
    }

    /** Whether its value is shown to nobody. */
    public boolean isSecret() {
        return names.isSecret();
    }

    /** The names of all settings, as in files. */
    public static List<String> keys() {
        return ALL.stream().map(ConfigKey::key).toList();
    }

    @Override
    public String toString() {
        return key();
    }
}
