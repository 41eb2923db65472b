package org.researchflow.rf.db;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A connection parameter of libpq that rf follows: its keyword, its environment variable, pgjdbc's name for it. */
enum Parameter {
    HOST("host", "PGHOST", "host"),
    HOSTADDR("hostaddr", "PGHOSTADDR", "hostaddr"),
    PORT("port", "PGPORT", "port"),
    DATABASE("dbname", "PGDATABASE", "dbname"),
    USER("user", "PGUSER", "user"),
    PASSWORD("password", "PGPASSWORD", "password"),
    PASSWORD_FILE("passfile", "PGPASSFILE", "passfile"),
    SERVICE("service", "PGSERVICE", "service"),
    APPLICATION_NAME("application_name", "PGAPPNAME", "ApplicationName"),
    CONNECT_TIMEOUT("connect_timeout", "PGCONNECT_TIMEOUT", "connectTimeout"),
    OPTIONS("options", "PGOPTIONS", "options"),
    SSL_MODE("sslmode", "PGSSLMODE", "sslmode"),
    SSL_ROOT_CERTIFICATE("sslrootcert", "PGSSLROOTCERT", "sslrootcert"),
    SSL_CERTIFICATE("sslcert", "PGSSLCERT", "sslcert"),
    SSL_KEY("sslkey", "PGSSLKEY", "sslkey"),
    SSL_PASSWORD("sslpassword", null, "sslpassword"),
    SSL_NEGOTIATION("sslnegotiation", "PGSSLNEGOTIATION", "sslNegotiation"),
    CHANNEL_BINDING("channel_binding", "PGCHANNELBINDING", "channelBinding"),
    GSS_ENCRYPTION("gssencmode", "PGGSSENCMODE", "gssEncMode"),
    KERBEROS_SERVICE("krbsrvname", "PGKRBSRVNAME", "kerberosServerName"),
    REQUIRE_AUTHENTICATION("require_auth", "PGREQUIREAUTH", "requireAuth"),
    TARGET_SESSION("target_session_attrs", "PGTARGETSESSIONATTRS", "targetServerType"),
    LOAD_BALANCE("load_balance_hosts", "PGLOADBALANCEHOSTS", "loadBalanceHosts");

    /** What libpq also takes and what changes nothing that rf relies on. */
    static final Set<String> WITHOUT_EFFECT = Set.of(
            "client_encoding",
            "fallback_application_name",
            "gsslib",
            "keepalives",
            "keepalives_idle",
            "keepalives_interval",
            "keepalives_count",
            "sslcompression",
            "sslsni",
            "tcp_user_timeout");

    private static final Set<String> SSL_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    private static final Map<String, String> SERVER_TYPES = Map.of(
            "any", "any",
            "read-write", "primary",
            "primary", "primary",
            "read-only", "secondary",
            "standby", "secondary",
            "prefer-standby", "preferSecondary");

    private static final Map<String, String> LOAD_BALANCING = Map.of("disable", "false", "random", "true");

    private final String keyword;
    private final @Nullable String variable;
    private final String property;

    Parameter(String keyword, @Nullable String variable, String property) {
        this.keyword = keyword;
        this.variable = variable;
        this.property = property;
    }

    static Optional<Parameter> ofKeyword(String keyword) {
        return Arrays.stream(values())
                .filter(parameter -> parameter.keyword.equals(keyword))
                .findFirst();
    }

    String keyword() {
        return keyword;
    }

    Optional<String> variable() {
        return Optional.ofNullable(variable);
    }

    /** pgjdbc's name; libpq's keyword for what goes into the URL and not into pgjdbc's properties. */
    String property() {
        return property;
    }

    /** libpq's value as pgjdbc's; empty when libpq would refuse it. */
    Optional<String> translated(String value) {
        return switch (this) {
            case SSL_MODE -> Optional.of(value).filter(SSL_MODES::contains);
            case TARGET_SESSION -> Optional.ofNullable(SERVER_TYPES.get(value));
            case LOAD_BALANCE -> Optional.ofNullable(LOAD_BALANCING.get(value));
            // libpq: zero and negative numbers mean "wait for ever"
            case CONNECT_TIMEOUT ->
                Optional.of(value.strip())
                        .filter(text -> text.matches("[+-]?[0-9]{1,9}"))
                        .map(text -> String.valueOf(Math.max(0, Integer.parseInt(text))));
            case HOST,
                    HOSTADDR,
                    PORT,
                    DATABASE,
                    USER,
                    PASSWORD,
                    PASSWORD_FILE,
                    SERVICE,
                    APPLICATION_NAME,
                    OPTIONS,
                    SSL_ROOT_CERTIFICATE,
                    SSL_CERTIFICATE,
                    SSL_KEY,
                    SSL_PASSWORD,
                    SSL_NEGOTIATION,
                    CHANNEL_BINDING,
                    GSS_ENCRYPTION,
                    KERBEROS_SERVICE,
                    REQUIRE_AUTHENTICATION -> Optional.of(value);
        };
    }
}
