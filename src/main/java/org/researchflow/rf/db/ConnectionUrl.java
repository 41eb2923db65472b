package org.researchflow.rf.db;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postgresql.PGProperty;
import org.researchflow.rf.Failure;

/**
 * A database URL taken apart: {@code postgresql://}, {@code postgres://} as libpq reads them, {@code jdbc:postgresql://}
 * with pgjdbc's parameters. No message repeats any part of a URL that could be a password in the wrong place.
 */
final class ConnectionUrl {

    private static final String EXAMPLE = "postgresql://rf@db.example.org:5432/hapi";
    private static final String JDBC = "jdbc:postgresql://";
    private static final List<String> SCHEMES = List.of("postgresql://", "postgres://", JDBC);

    /** In pgjdbc's URLs these have a place of their own, in front of the parameters. */
    private static final Set<String> NOT_JDBC_PARAMETERS = Set.of("PGHOST", "PGPORT", "PGDBNAME");

    private final String origin;
    private final Map<String, Setting> settings = new LinkedHashMap<>();
    private final List<String> warnings = new ArrayList<>();

    private ConnectionUrl(String origin) {
        this.origin = origin;
    }

    /** Reads a URL; {@code origin} says in messages where it stands. */
    static ConnectionUrl parse(String text, String origin) {
        ConnectionUrl url = new ConnectionUrl(origin);
        String scheme = SCHEMES.stream()
                .filter(text::startsWith)
                .findFirst()
                .orElseThrow(() -> url.malformed("it does not start with postgresql://"));
        url.readFrom(text.substring(scheme.length()), scheme.equals(JDBC));
        return url;
    }

    /** By {@linkplain Parameter#property() property name}, in pgjdbc's values; empty ones are left out. */
    Map<String, Setting> settings() {
        return settings;
    }

    List<String> warnings() {
        return warnings;
    }

    boolean holdsPassword() {
        return settings.keySet().stream()
                .anyMatch(name -> name.toLowerCase(Locale.ROOT).contains("password"));
    }

    private void readFrom(String text, boolean jdbc) {
        int credentialsEnd = credentialsEnd(text);
        if (credentialsEnd >= 0) {
            readCredentials(text.substring(0, credentialsEnd));
        }
        String rest = text.substring(credentialsEnd + 1);
        int question = rest.indexOf('?');
        String location = question < 0 ? rest : rest.substring(0, question);
        // Not a question of grammar: the rest of a password that should have been encoded would be shown as a host or
        // database name.
        if (location.indexOf('@') >= 0) {
            throw malformed(
                    "an @ or a / stands where none belongs; in a user name or password write @ as %40 and / as %2F");
        }
        int slash = location.indexOf('/');
        readAddresses(slash < 0 ? location : location.substring(0, slash));
        if (slash >= 0) {
            put(Parameter.DATABASE, decoded(location.substring(slash + 1)));
        }
        if (question >= 0) {
            readParameters(rest.substring(question + 1), jdbc);
        }
    }

    /** As in libpq, user and password reach to the first {@code @}, if that comes before the first slash. */
    private static int credentialsEnd(String text) {
        int at = text.indexOf('@');
        int slash = text.indexOf('/');
        return slash >= 0 && slash < at ? -1 : at;
    }

    private void readCredentials(String text) {
        int colon = text.indexOf(':');
        put(Parameter.USER, decoded(colon < 0 ? text : text.substring(0, colon)));
        if (colon >= 0) {
            put(Parameter.PASSWORD, decoded(text.substring(colon + 1)));
        }
    }

    private void readAddresses(String text) {
        List<String> hosts = new ArrayList<>();
        List<String> ports = new ArrayList<>();
        for (String address : text.split(",", -1)) {
            int hostEnd = address.startsWith("[") ? address.indexOf(']') + 1 : 0;
            if (hostEnd == 0 && address.startsWith("[")) {
                throw malformed("an IPv6 address lacks its closing bracket");
            }
            int colon = address.indexOf(':', hostEnd);
            String host = colon < 0 ? address : address.substring(0, colon);
            if (hostEnd > 0 && host.length() != hostEnd) {
                throw malformed("after the closing bracket of an IPv6 address only a colon and a port may follow");
            }
            hosts.add(decoded(hostEnd > 0 ? host.substring(1, hostEnd - 1) : host));
            ports.add(colon < 0 ? "" : decoded(address.substring(colon + 1)));
        }
        put(Parameter.HOST, hosts.size() == 1 ? hosts.getFirst() : String.join(",", hosts));
        put(Parameter.PORT, String.join(",", ports));
    }

    private void readParameters(String text, boolean jdbc) {
        for (String parameter : text.split("&", -1)) {
            int equals = parameter.indexOf('=');
            if (!parameter.isEmpty()) {
                String name = equals < 0 ? parameter : parameter.substring(0, equals);
                if (equals < 0 && !jdbc) {
                    throw malformed("a parameter after the ? lacks its = sign");
                }
                if (!name.matches("[A-Za-z_0-9]+") || (text.indexOf('@') >= 0 && !isKnown(name))) {
                    throw malformed("the text after the ? is not a list of name=value, separated by &");
                }
                readParameter(name, equals < 0 ? "" : parameter.substring(equals + 1), jdbc);
            }
        }
    }

    private static boolean isKnown(String name) {
        return Parameter.ofKeyword(name).isPresent() || PGProperty.forName(name) != null;
    }

    private void readParameter(String name, String encoded, boolean jdbc) {
        // pgjdbc reads a plus sign as a blank, libpq does not
        String value = decoded(jdbc ? encoded.replace("+", "%20") : encoded);
        Optional<Parameter> known = Parameter.ofKeyword(name);
        if (name.equals("ssl")) {
            // pgjdbc's ssl=true verifies the server, libpq's (kept there for Java's sake) only encrypts
            if (value.equals("true") || (jdbc && value.isEmpty())) {
                put(Parameter.SSL_MODE, jdbc ? "verify-full" : "require");
            }
        } else if (jdbc && PGProperty.forName(name) != null && !NOT_JDBC_PARAMETERS.contains(name)) {
            put(name, value);
        } else if (!jdbc && known.isPresent()) {
            put(known.get(), value);
        } else if (!jdbc && Parameter.WITHOUT_EFFECT.contains(name)) {
            warnings.add("the parameter " + name + " in " + origin + " has no effect in rf");
        } else {
            throw Failure.usage("unknown parameter \"" + name + "\" in the database URL in " + origin)
                    .note("try", EXAMPLE + (jdbc ? "   (with pgjdbc's parameters)" : "   (with libpq's parameters)"));
        }
    }

    private void put(Parameter parameter, String value) {
        if (!value.isEmpty()) {
            put(
                    parameter.property(),
                    parameter
                            .translated(value)
                            .orElseThrow(() ->
                                    malformed("\"" + parameter.keyword() + "\" has a value that it cannot have")));
        }
    }

    private void put(String property, String value) {
        if (!value.isEmpty()) {
            settings.put(property, new Setting(value, origin));
        }
    }

    private String decoded(String text) {
        return PercentCode.decode(text)
                .orElseThrow(
                        () -> malformed("a % is not followed by two hexadecimal digits; write the sign itself as %25"));
    }

    private Failure malformed(String why) {
        return Failure.usage("not a database URL in " + origin).note("why", why).note("try", EXAMPLE);
    }
}
