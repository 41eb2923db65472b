package org.researchflow.rf.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;

/** What a connection was resolved to, as settings: who gives a URL sees where it leads. */
final class ConnectionSetting {

    private ConnectionSetting() {}

    static Map<ConfigKey, ConfigValue> of(ConnectionSettings connection) {
        Map<ConfigKey, ConfigValue> values = new LinkedHashMap<>();
        put(values, ConfigKey.DATABASE_HOST, "host", connection, joined(connection, Address::host));
        put(values, ConfigKey.DATABASE_PORT, "port", connection, joined(connection, address -> "" + address.port()));
        put(values, ConfigKey.DATABASE_NAME, "database", connection, connection.database());
        put(values, ConfigKey.DATABASE_USER, "user", connection, connection.user());
        connection.password().ifPresent(text -> put(values, ConfigKey.DATABASE_PASSWORD, "password", connection, text));
        Optional.ofNullable(connection.properties().get("sslmode"))
                .ifPresent(text -> put(values, ConfigKey.DATABASE_SSL_MODE, "sslmode", connection, text));
        return values;
    }

    private static String joined(ConnectionSettings connection, Function<Address, String> part) {
        return connection.addresses().stream().map(part).distinct().collect(Collectors.joining(","));
    }

    private static void put(
            Map<ConfigKey, ConfigValue> values,
            ConfigKey key,
            String name,
            ConnectionSettings connection,
            String text) {
        values.put(
                key,
                new ConfigValue(
                        text, ConfigValue.Source.VARIABLE, connection.origins().getOrDefault(name, "default")));
    }
}
