package org.researchflow.rf.db;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the database is and as whom to connect, with the origin of each value.
 *
 * @param addresses at least one; several are tried in order
 * @param properties further properties under pgjdbc's names, for example {@code sslmode}
 * @param origins in words, for {@code host}, {@code port}, {@code database}, {@code user}, {@code password} and each
 *     property
 * @param warnings what was left aside on the way, for the person to know
 */
public record ConnectionSettings(
        List<Address> addresses,
        String database,
        String user,
        Optional<String> password,
        Map<String, String> properties,
        Map<String, String> origins,
        List<String> warnings) {

    static final String DEFAULT_ORIGIN = "default";

    private static final List<String> PLACE = List.of("host", "port", "database", "user");

    public ConnectionSettings {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("no address");
        }
        if (addresses.size() > 1 && addresses.stream().anyMatch(Address::isSocketFolder)) {
            throw new IllegalArgumentException("a local socket cannot be one of several addresses");
        }
        properties = Map.copyOf(properties);
        origins = Map.copyOf(origins);
        warnings = List.copyOf(warnings);
    }

    /** Settings that all come from one place, as those of the sandbox do. */
    public static ConnectionSettings of(
            Address address, String database, String user, Optional<String> password, String origin) {
        return new ConnectionSettings(
                List.of(address),
                database,
                user,
                password,
                Map.of(),
                Map.of("host", origin, "port", origin, "database", origin, "user", origin, "password", origin),
                List.of());
    }

    public String host() {
        return addresses.getFirst().host();
    }

    public int port() {
        return addresses.getFirst().port();
    }

    boolean isLocalSocket() {
        return addresses.getFirst().isSocketFolder();
    }

    /** The same, with no more than this many seconds for a login, unless somebody said how many. */
    public ConnectionSettings connectingWithin(int seconds) {
        Map<String, String> limited = new HashMap<>(properties);
        limited.putIfAbsent(Parameter.CONNECT_TIMEOUT.property(), String.valueOf(seconds));
        return new ConnectionSettings(addresses, database, user, password, limited, origins, warnings);
    }

    /** The addresses as people write them, separated by commas. */
    public String place() {
        return String.join(",", addresses.stream().map(Address::toString).toList());
    }

    /** For example {@code db.local:5432 (database "hapi", user "rf")}. */
    public String description() {
        return "%s (database \"%s\", user \"%s\")".formatted(place(), database, user);
    }

    /** Where host, port, database and user came from: {@code host and port from PGHOST, PGPORT; user by default}. */
    public String originsInWords() {
        Map<String, Set<String>> originsOf = new LinkedHashMap<>();
        Map<String, List<String>> namesOf = new LinkedHashMap<>();
        for (String name : PLACE) {
            String origin = origins.getOrDefault(name, DEFAULT_ORIGIN);
            String group = origin.startsWith("PG") ? "PG" : origin;
            namesOf.computeIfAbsent(group, _ -> new ArrayList<>()).add(name);
            originsOf.computeIfAbsent(group, _ -> new LinkedHashSet<>()).add(origin);
        }
        List<String> parts = new ArrayList<>();
        namesOf.forEach((group, names) -> parts.add(enumeration(names)
                + (group.equals(DEFAULT_ORIGIN)
                        ? " by default"
                        : " from " + String.join(", ", originsOf.getOrDefault(group, Set.of())))));
        return String.join("; ", parts);
    }

    private static String enumeration(List<String> names) {
        return names.size() == 1
                ? names.getFirst()
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.getLast();
    }

    /** Never shows the password, nor other properties, among which there may be one too. */
    @Override
    public String toString() {
        return "PostgreSQL at " + description();
    }
}
