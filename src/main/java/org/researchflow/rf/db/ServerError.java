package org.researchflow.rf.db;

import java.io.EOFException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.sql.Identifiers;

/**
 * An error of PostgreSQL or of the way to it, and what it means for the person. The server's DETAIL and HINT, the
 * statement and the values in messages about data never get into a {@link Failure}.
 */
final class ServerError {

    private static final Pattern DENIED = Pattern.compile("permission denied for ([a-z ]+?) (\"?)(.+?)\\2");

    private static final Pattern TEMPORARY =
            Pattern.compile("permission denied to create temporary tables in database \"(.+)\"");

    private static final Pattern OWN_TABLE = Pattern.compile("materialized_view_metadata|generation|v[0-9]+_g[0-9]+");

    private final ServerMessage server;
    private final SQLException error;
    private final ConnectionSettings settings;
    private final String state;

    private ServerError(ServerMessage server, ConnectionSettings settings) {
        this.server = server;
        this.error = server.error();
        this.settings = settings;
        this.state = server.state();
    }

    static Failure failure(SQLException error, ConnectionSettings settings) {
        return new ServerError(ServerMessage.of(error), settings).failure();
    }

    private Failure failure() {
        return server.raised().map(r -> Failure.failed(r.what())).orElseGet(this::ofServer);
    }

    private Failure ofServer() {
        return switch (state) {
            case "08001" ->
                cannotReach(wayBlocked())
                        .note("try", "with no database at hand:  rf demo")
                        .causedBy(error);
            case "08004" -> refused();
            case "08003", "08006", "08007", "57P01", "57P02", "57P05" ->
                Failure.unreachable("lost the connection to PostgreSQL at " + settings.description())
                        .note("why", why())
                        .note("try", "the same command again; what was begun is rolled back")
                        .causedBy(error);
            case "57P03" ->
                cannotReach(server.text())
                        .note("try", "the same command in a moment")
                        .causedBy(error);
            case "53300" ->
                cannotReach(server.text())
                        .note("try", "fewer connections at once, or a larger max_connections on the server")
                        .causedBy(error);
            case "28P01", "28000" -> loginRefused();
            case "3D000" ->
                cannotReach(server.text())
                        .note("try", "the name of an existing database; psql -l lists them")
                        .causedBy(error);
            case "42501" -> rightMissing();
            case "25006" ->
                Failure.failed("PostgreSQL at " + settings.description() + " does not let rf write")
                        .note("why", server.text())
                        .note(
                                "try",
                                "the primary server: this one is a hot standby, or read-only by"
                                        + " default_transaction_read_only")
                        .causedBy(error);
            case "53100" ->
                Failure.failed("PostgreSQL at " + settings.place() + " has no space left on its disk")
                        .note("why", server.text())
                        .note("try", "the same command when there is space; what was begun is rolled back")
                        .causedBy(error);
            case "55P03" ->
                Failure.of(Failure.Kind.LOCKED, "another session holds a lock on what rf needs")
                        .note("why", server.text())
                        .causedBy(error);
            case "57014" ->
                Failure.failed("PostgreSQL stopped the statement")
                        .note("why", server.text())
                        .causedBy(error);
            default -> other();
        };
    }

    private Failure cannotReach(String why) {
        return Failure.unreachable("cannot reach PostgreSQL at " + settings.description())
                .note("why", why)
                .note("from", settings.originsInWords());
    }

    private Failure refused() {
        // pgjdbc itself gives up with this state when the server asks for a password and there is none
        return settings.password().isEmpty()
                        && error.getCause() == null
                        && server.fromServer().isEmpty()
                ? passwordMissing()
                : cannotReach(wayBlocked()).causedBy(error);
    }

    private Failure passwordMissing() {
        return cannotReach("the server asks for a password and there is none")
                .note("try", passwordPlaces())
                .causedBy(error);
    }

    private String passwordPlaces() {
        return "PGPASSWORD, or in ~/.pgpass the line  %s:%d:%s:%s:PASSWORD"
                .formatted(settings.host(), settings.port(), settings.database(), settings.user());
    }

    private Failure loginRefused() {
        if (settings.password().isEmpty() && state.equals("28P01")) {
            return passwordMissing();
        }
        String origin = settings.origins().get("password");
        Failure failure = cannotReach(server.text());
        if (state.equals("28P01") && origin != null) {
            failure.note("from", "password from " + origin).note("try", "the right password in " + passwordPlaces());
        } else {
            failure.note("try", "another user, or an entry in the server's pg_hba.conf that lets this one in");
        }
        return failure.causedBy(error);
    }

    private Failure rightMissing() {
        String user = Identifiers.identifier(settings.user());
        Failure failure = Failure.failed(
                        "user \"%s\" lacks a right in database \"%s\"".formatted(settings.user(), settings.database()))
                .note("why", server.text());
        Matcher temporary = TEMPORARY.matcher(server.text());
        if (temporary.matches()) {
            return failure.note(
                            "try",
                            "GRANT TEMPORARY ON DATABASE %s TO %s"
                                    .formatted(Identifiers.identifier(temporary.group(1)), user))
                    .causedBy(error);
        }
        Matcher denied = DENIED.matcher(server.text());
        if (denied.matches() && OWN_TABLE.matcher(denied.group(3)).matches()) {
            // The server's message leaves the schema out; these tables are rf's own.
            failure.note("try", "GRANT USAGE ON SCHEMA sqlonfhir, sqlonfhir_store TO " + user);
            failure.note("try", "GRANT SELECT ON ALL TABLES IN SCHEMA sqlonfhir, sqlonfhir_store TO " + user);
        } else if (denied.matches()) {
            String object = Identifiers.identifier(denied.group(3));
            switch (denied.group(1)) {
                case "database" ->
                    // the server quotes the name when it refuses to connect, and only then
                    failure.note(
                            "try",
                            "GRANT %s ON DATABASE %s TO %s"
                                    .formatted(denied.group(2).isEmpty() ? "CREATE" : "CONNECT", object, user));
                case "schema" -> {
                    failure.note("try", "GRANT USAGE ON SCHEMA %s TO %s".formatted(object, user));
                    failure.note(
                            "try", "GRANT CREATE ON SCHEMA %s TO %s   where rf is to write".formatted(object, user));
                }
                case "table", "view", "materialized view", "sequence" ->
                    failure.note(
                            "try",
                            "GRANT SELECT ON %s%s TO %s"
                                    .formatted(denied.group(1).equals("sequence") ? "SEQUENCE " : "", object, user));
                case "function" -> failure.note("try", "GRANT EXECUTE ON FUNCTION %s TO %s".formatted(object, user));
                default -> failure.note("try", "the same command as a user who has this right");
            }
        }
        return failure.causedBy(error);
    }

    private Failure other() {
        Failure failure = Failure.failed(
                        "PostgreSQL reported an error (SQLSTATE %s)".formatted(state.isEmpty() ? "unknown" : state))
                .note("why", server.text());
        // The exception repeats the value.
        return server.isAboutData() ? failure : failure.causedBy(error);
    }

    private String why() {
        return state.startsWith("08") ? wayBlocked() : server.text();
    }

    /** Why no conversation with the server was possible. */
    private String wayBlocked() {
        Throwable cause = error.getCause();
        return switch (cause) {
            case UnknownHostException _ -> "no such host";
            case SocketTimeoutException _ -> "no answer in time";
            case NoRouteToHostException _ -> "no route to this host";
            case SocketException refused -> plain(refused.getMessage());
            case EOFException _ -> "the other side closed the connection; is it a PostgreSQL server?";
            case SSLException tls -> "TLS failed: " + plain(tls.getMessage());
            case null, default -> plain(server.text());
        };
    }

    private static String plain(@Nullable String message) {
        String text = Objects.requireNonNullElse(message, "no connection").replaceFirst("\\.$", "");
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }
}
