package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.researchflow.rf.rest.ScriptedServer.deletion;
import static org.researchflow.rf.rest.ScriptedServer.version;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;
import org.researchflow.rf.rest.Credentials;
import org.researchflow.rf.rest.ScriptedServer;

/** {@code rf poll-fhir --from URL}: any FHIR server's changes, whatever its pages are like. */
class FhirPollTest {

    @TempDir
    private Path folder;

    private final TestDatabase database = TestPostgres.empty();
    private final TestRedis redis = TestRedis.start();
    private ScriptedServer server;

    FhirPollTest() throws IOException {
        server = new ScriptedServer();
    }

    @BeforeEach
    void load() throws IOException {
        Path file = folder.resolve("Patient.ndjson");
        Files.writeString(file, """
                {"resourceType":"Patient","id":"a","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:01Z"},"gender":"male"}
                {"resourceType":"Patient","id":"b","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:01Z"},"gender":"male"}
                """);
        rf("load", file.toString(), "--as-of", "2026-01-01T00:10:00Z").done();
        rf("views", "create", "patient_simple").done();
    }

    @AfterEach
    void stop() throws SQLException {
        server.close();
        redis.close();
        database.close();
    }

    private Ended rf(String... arguments) {
        return rf(Map.of(), arguments);
    }

    private Ended rf(Map<String, String> others, String... arguments) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "HOME", folder.toString(),
                "PGPASSWORD", database.password(),
                "PGUSER", database.user(),
                "PGHOST", database.host(),
                "PGPORT", Integer.toString(database.port()),
                "PGDATABASE", database.database(),
                "RF_REDIS_URL", redis.url(),
                "RF_FHIR_TOKEN", "canary-token"));
        environment.putAll(others);
        Ended ended = Rf.with(environment).run(arguments);
        assertThat(ended.out() + ended.err()).doesNotContain("canary-token");
        return ended;
    }

    private Ended poll() {
        return rf("poll-fhir", "--from", server.base().toString());
    }

    private long men() throws IOException {
        return rf("query", "--gender", "male", "-o", "json")
                .done()
                .json()
                .get("count")
                .asLong();
    }

    @Test
    void changesAreInTheNextAnswerWhichSaysWhatItRestsOn() throws IOException, SQLException {
        assertThat(men()).isEqualTo(2);
        server.page("", version("c", 2, "male"), deletion("b", 3), version("b", 2, "male"), version("a", 1, "male"));
        poll().done();
        assertThat(server.asked().getFirst()).contains("Patient/_history?_since=2026-01-01T00%3A05%3A00Z");
        assertThat(server.authorizations()).containsOnly("Bearer canary-token");
        Ended asked = rf("query", "--gender", "male", "-o", "json").done();
        assertThat(asked.json().get("count").asLong()).isEqualTo(2);
        assertThat(asked.json().get("proof").asText()).isEqualTo("overlap 5m");
        assertThat(rf("query", "--gender", "male", "--require-complete").code()).isEqualTo(4);
        rf("query", "--gender", "male", "--require-complete", "--trust-overlap").done();
        assertThat(database.count("select count(*) from rf.resource where key = 'b' and deleted"))
                .isOne();
    }

    @Test
    void olderVersionThatComesLaterChangesNothing() throws IOException {
        server.page("", version("a", 5, "female")).page("", version("a", 4, "male"), version("a", 5, "female"));
        poll().done();
        assertThat(men()).isOne();
        poll().done();
        assertThat(men()).isOne();
    }

    @Test
    void roundThatFailsMovesNothing() throws IOException, SQLException {
        server.page(server.base() + "/page2", version("c", 2, "male")).fails(403);
        poll().failed(1);
        assertThat(database.count("select count(*) from sqlonfhir.feed")).isZero();
        server.page("", version("d", 2, "male"), version("c", 2, "male"));
        poll().done();
        assertThat(men()).isEqualTo(4);
        assertThat(server.asked().getLast()).isEqualTo(server.asked().getFirst());
        server.page("");
        poll().done();
        assertThat(server.asked().getLast()).isNotEqualTo(server.asked().getFirst());
    }

    @Test
    void serverThatTellsNoDeletionsIsSaidSo() throws IOException {
        server.fails(404).page("", version("c", 2, "male"));
        assertThat(poll().done().err()).contains("does not tell what is deleted");
        Ended asked = rf("query", "--gender", "male", "-o", "json").done();
        assertThat(asked.json().get("complete").asBoolean()).isFalse();
        assertThat(asked.json().get("count").asLong()).isEqualTo(3);
    }

    @Test
    void entriesThatCannotBeTakenMakeAnswersIncompleteUntilAnExportIsLoaded() throws IOException {
        // Whether it came before the version or after it, nobody knows.
        server.page("", version("b", 2, "male"), """
                {"request":{"method":"DELETE","url":"Patient/b"},"response":{"status":"204"}}""");
        assertThat(poll().done().err()).contains("1 entries of the FHIR server hold nothing that can be stored");
        Ended asked = rf("query", "--gender", "male", "-o", "json").done();
        assertThat(asked.json().get("count").asLong()).isEqualTo(2);
        assertThat(asked.json().get("complete").asBoolean()).isFalse();
        assertThat(asked.json().get("warnings").toString()).contains("changes that could not be taken");
        server.page("");
        poll().done();
        assertThat(rf("query", "--gender", "male", "--require-complete", "--trust-overlap")
                        .code())
                .isEqualTo(4);
        Path file = folder.resolve("Later.ndjson");
        Files.writeString(file, """
                {"resourceType":"Patient","id":"a","meta":{"versionId":"1","lastUpdated":"2026-01-01T00:00:01Z"},"gender":"male"}
                """);
        rf("load", file.toString(), "--as-of", Instant.now().toString()).done();
        server.page("");
        poll().done();
        rf("query", "--gender", "male", "--require-complete", "--trust-overlap").done();
    }

    @Test
    void userAndPasswordBelongTogether() throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "canary-token\n");
        Map<String, String> basic = Map.of("RF_FHIR_TOKEN", "", "RF_FHIR_USER", "me");
        server.page("");
        rf(
                        with(basic, Map.of("RF_FHIR_PASSWORD_FILE", file.toString())),
                        "poll-fhir",
                        "--from",
                        server.base().toString())
                .done();
        assertThat(server.authorizations())
                .containsOnly(Credentials.basic("me", "canary-token").header());
        assertThat(rf(basic, "poll-fhir", "--from", server.base().toString())
                        .failed(2)
                        .err())
                .contains("RF_FHIR_USER has no password");
        assertThat(rf(
                                Map.of("RF_FHIR_TOKEN", "", "RF_FHIR_PASSWORD", "canary-token"),
                                "poll-fhir",
                                "--from",
                                server.base().toString())
                        .failed(2)
                        .err())
                .contains("there is no RF_FHIR_USER");
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(more);
        return all;
    }

    @Test
    void passwordInTheUrlIsRefused() {
        assertThat(rf("poll-fhir", "--from", "https://me:canary-token@example.org/fhir")
                        .failed(2)
                        .err())
                .contains("--from holds a password");
    }
}
