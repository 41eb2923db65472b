package org.researchflow.rf.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestRedis;
import org.researchflow.rf.batch.Batch;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.Address;
import org.researchflow.rf.db.ConnectionSettings;
import org.researchflow.rf.db.Database;
import org.researchflow.rf.db.Transactions;
import org.researchflow.rf.fhir.FhirVersion;
import org.researchflow.rf.source.Resources;
import org.researchflow.rf.source.SourceMoment;

/** A HAPI database, a Redis, and what is polled from the one into the other. */
record SpeedFixture(TestDatabase database, TestRedis redis, String prefix) {

    static final String PATIENT =
            "{\"resourceType\": \"Patient\", \"gender\": \"male\", \"multipleBirthInteger\": 7.10}";

    static SourceSettings settings() {
        return new SourceSettings("public", ZoneOffset.UTC, FhirVersion.R4);
    }

    Database source() {
        return new Database(ConnectionSettings.of(
                new Address(database.host(), database.port()),
                database.database(),
                database.user(),
                Optional.of(database.password()),
                "the test"));
    }

    Batch batch() {
        return new Batch(source(), settings());
    }

    RedisSettings at() {
        return redis.settings(prefix);
    }

    Poller poller() {
        return poller(Retention.DEFAULT);
    }

    Poller poller(Retention retention) {
        return Poller.once(source(), settings(), at(), retention);
    }

    Poller service() {
        return Poller.service(source(), settings(), at(), Retention.DEFAULT, Duration.ofSeconds(30));
    }

    Round.Polled poll() {
        try (Poller poller = poller()) {
            return (Round.Polled) poller.poll();
        }
    }

    RedisReader reader() {
        return RedisReader.of(at(), settings().ofResources());
    }

    /** One over a connection that was begun before, as that of a command that asks once. */
    static RedisReader begun(RedisSettings at) {
        return RedisReader.over(RedisConnecting.begin(at), at, settings().ofResources());
    }

    /** Reads in both ways, of which one must say what the other says. */
    RecentChanges read(long since, String... types) throws NotCoveredException {
        Map<String, Long> asked = new TreeMap<>();
        for (String type : types) {
            asked.put(type, since);
        }
        try (RedisReader reader = reader();
                RedisReader plain = begun(at())) {
            RecentChanges read;
            try {
                read = reader.read(asked);
            } catch (NotCoveredException e) {
                assertThatThrownBy(() -> plain.read(asked))
                        .isInstanceOf(NotCoveredException.class)
                        .hasMessage(e.getMessage());
                throw e;
            }
            assertThat(plain.read(asked)).isEqualTo(read);
            return read;
        }
    }

    /** The oldest transaction that a snapshot taken now does not see the end of. */
    long now() throws SQLException {
        try (Connection connection = database.connect()) {
            return Transactions.read(
                    connection, inside -> SourceMoment.take(inside).snapshot().oldest());
        }
    }

    interface Writing<T> {
        T by(HapiWriter hapi) throws SQLException;
    }

    <T> T write(Writing<T> writing) throws SQLException {
        try (Connection connection = database.connect()) {
            return writing.by(new HapiWriter(connection));
        }
    }

    long patient() throws SQLException {
        return write(hapi -> hapi.create("Patient", PATIENT));
    }

    /** What the changes say about each resource: its JSON as the resource relation yields it, or that it is deleted. */
    static Map<String, String> told(Collection<Change> changes) {
        return changes.stream()
                .collect(Collectors.toMap(
                        Change::key,
                        change -> change.resource().orElse("deleted"),
                        (one, other) -> {
                            throw new AssertionError("a key twice");
                        },
                        TreeMap::new));
    }

    /** The same of the source, for resources with keys from that one on. */
    Map<String, String> expected(String type, Collection<String> keys) throws SQLException {
        Map<String, String> expected = new TreeMap<>();
        try (Connection connection = source().connect()) {
            Resources resources = settings().resources(connection);
            String sql = "select i.key, r.resource::text from (" + resources.identities(type)
                    + ") i left join (" + resources.of(type, true, true).query() + ") r on r.key = i.key"
                    + " where i.key = any (?)";
            try (var statement = connection.prepareStatement(sql)) {
                statement.setArray(1, connection.createArrayOf("text", keys.toArray()));
                try (var row = statement.executeQuery()) {
                    while (row.next()) {
                        expected.put(
                                row.getString(1),
                                Optional.ofNullable(row.getString(2)).orElse("deleted"));
                    }
                }
            }
        }
        return expected;
    }
}
