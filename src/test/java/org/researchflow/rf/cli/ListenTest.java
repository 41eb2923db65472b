package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.HapiWriter;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.TestRedis;
import org.researchflow.rf.cli.CommandLineFixture.Ended;
import org.researchflow.rf.rest.ScriptedServer;

/** {@code rf poll-fhir --listen}: a message begins a round, and says nothing else. */
@Timeout(120)
class ListenTest {

    private static final String SECRET = "canary-of-sixteen-or-more";
    private static final Pattern ENDPOINT = Pattern.compile("endpoint=\"(http[^\"]+)\"");

    private static TestDatabase database;
    private static TestRedis redis;

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws SQLException {
        database = TestPostgres.hapi880();
        HapiWriter.prepare(database);
        redis = TestRedis.start();
    }

    @AfterAll
    static void stop() throws SQLException {
        redis.close();
        database.close();
    }

    @BeforeEach
    void write() throws IOException {
        redis.ask(commands -> commands.flushall());
        Files.writeString(folder.resolve("secret"), SECRET + "\n");
    }

    private CommandLineFixture rf(TestDatabase source) {
        Map<String, String> environment = new HashMap<>();
        environment.put("PGPASSWORD", source.password());
        environment.put(
                "RF_DB_URL",
                "postgresql://" + source.user() + "@" + source.host() + ":" + source.port() + "/" + source.database());
        environment.put("REDIS_URL", redis.url());
        environment.put("XDG_STATE_HOME", folder.toString());
        return CommandLineFixture.rf().with(environment);
    }

    private int send(String method, URI to, String authorization, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(to).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return http.send(request.build(), BodyHandlers.discarding()).statusCode();
    }

    private static String lineWith(BufferedReader lines, String text) throws IOException {
        String line = lines.readLine();
        while (line != null && !line.contains(text)) {
            line = lines.readLine();
        }
        assertThat(line).as(text).isNotNull();
        return line;
    }

    private static String patient() throws SQLException {
        try (Connection connection = database.connect()) {
            return Long.toString(new HapiWriter(connection).create("Patient", "{\"resourceType\": \"Patient\"}"));
        }
    }

    @Test
    void messagesBeginRoundsAndAreNotBelieved() throws Exception {
        rf(database).run("views", "create", "patient_simple", "condition_simple");
        Path sql = Files.writeString(folder.resolve("days.sql"), "select current_date as today");
        assertThat(rf(database).run("views", "create", "-f", sql.toString()).code())
                .isZero();
        CommandLineFixture rf = rf(database);
        PipedOutputStream out = new PipedOutputStream();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new PipedInputStream(out, 1 << 16), StandardCharsets.UTF_8))) {
            String secretFile = folder.resolve("secret").toString();
            CompletableFuture<Ended> ended = CompletableFuture.supplyAsync(() ->
                    rf.run(out, "poll-fhir", "--every", "1h", "--listen", "0", "--listen-secret-file", secretFile));
            Matcher listening = ENDPOINT.matcher(lineWith(lines, " poll listening "));
            assertThat(listening.find()).isTrue();
            URI endpoint = URI.create(listening.group(1));
            assertThat(endpoint.getHost()).isEqualTo("127.0.0.1");
            lineWith(lines, "round=1 ");
            assertThat(send("PUT", endpoint.resolve("Patient/1"), "", "{}")).isEqualTo(401);
            assertThat(send("PUT", endpoint.resolve("Patient/1"), "Bearer " + SECRET + "x", "{}"))
                    .isEqualTo(401);
            assertThat(send("GET", endpoint, "Bearer " + SECRET, "")).isEqualTo(405);
            String id = patient();
            // Neither is this what is in the database, nor is it JSON.
            assertThat(send("PUT", endpoint.resolve("Patient/" + id), "Bearer " + SECRET, "no".repeat(1 << 20)))
                    .isEqualTo(204);
            lineWith(lines, "round=2 ");
            String resource = redis.ask(commands -> commands.hget("fhir:patient:" + id, "resource"));
            assertThat(resource).contains("\"id\": \"" + id + "\"");
            List<String> patients = redis.ask(commands -> commands.keys("fhir:patient:*"));
            assertThat(patients).hasSize(1);
            patient();
            assertThat(send("DELETE", endpoint.resolve("Patient/" + id), "Bearer " + SECRET, ""))
                    .isEqualTo(204);
            assertThat(send("POST", endpoint, "Bearer " + SECRET, "")).isEqualTo(204);
            assertThat(lineWith(lines, "round=3 ")).contains(" resources=1 ");
            rf.cancellation().askToStop();
            assertThat(ended.join().code()).isZero();
            assertThat(ended.join().err())
                    .contains(
                            "\"criteria\":\"Patient?\"", "\"criteria\":\"Condition?\"", "Authorization: Bearer SECRET")
                    .doesNotContain(SECRET, "\"criteria\":\"-?\"");
        }
    }

    @Test
    void subscriptionsAreRegisteredOnce() throws Exception {
        AtomicReference<String> registered = new AtomicReference<>("");
        try (TestDatabase own = TestPostgres.empty();
                ScriptedServer server = new ScriptedServer()) {
            server.fails(404).then(exchange -> {
                registered.set(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                exchange.sendResponseHeaders(201, -1);
            });
            serveOneRound(own, server);
            assertThat(server.asked().get(1)).matches("/fhir/Subscription/rf-[0-9a-f]{12}-patient");
            assertThat(new JsonMapper()
                            .readTree(registered.get())
                            .at("/channel/header/0")
                            .asText())
                    .isEqualTo("Authorization: Bearer " + SECRET);
            int before = server.asked().size();
            server.then(
                    exchange -> ScriptedServer.json(exchange, registered.get().replace("\"requested\"", "\"active\"")));
            serveOneRound(own, server);
            assertThat(server.asked().subList(before, server.asked().size()))
                    .filteredOn(asked -> asked.contains("Subscription"))
                    .hasSize(1);
            server.fails(404).fails(422);
            Ended refused = rf(own).run(subscribing(server));
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("does not take the Subscription of Patient", "HTTP 422");
        }
    }

    private String[] subscribing(ScriptedServer server) {
        return new String[] {
            "poll-fhir",
            "--from",
            server.base().toString(),
            "--type",
            "Patient",
            "--since",
            "2026-01-01T00:00:00Z",
            "--listen",
            "0",
            "--listen-url",
            "https://rf.example.org/",
            "--listen-secret-file",
            folder.resolve("secret").toString(),
            "--subscribe"
        };
    }

    private void serveOneRound(TestDatabase own, ScriptedServer server) throws IOException {
        server.page("");
        CommandLineFixture rf = rf(own);
        PipedOutputStream out = new PipedOutputStream();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(new PipedInputStream(out, 1 << 16), StandardCharsets.UTF_8))) {
            CompletableFuture<Ended> ended = CompletableFuture.supplyAsync(() -> rf.run(out, subscribing(server)));
            lineWith(lines, " poll round ");
            rf.cancellation().askToStop();
            assertThat(ended.join().err()).doesNotContain(SECRET);
        }
    }

    private void refused(String why, String... arguments) {
        Ended ended = rf(database).run(arguments);
        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.err()).contains(why).doesNotContain(SECRET);
    }

    @Test
    void whatCannotBeListenedToIsRefused() throws Exception {
        String secret = folder.resolve("secret").toString();
        refused("--listen needs a secret", "poll-fhir", "--listen", "8089");
        refused("--listen is no port", "poll-fhir", "--listen", "host:", "--listen-secret-file", secret);
        refused("go with --listen", "poll-fhir", "--subscribe");
        refused(
                "--subscribe needs the FHIR server's URL",
                "poll-fhir",
                "--listen",
                "0",
                "--listen-secret-file",
                secret,
                "--subscribe");
        Files.writeString(folder.resolve("short"), "canary");
        refused(
                "the secret of --listen cannot be used",
                "poll-fhir",
                "--listen",
                "0",
                "--listen-secret-file",
                folder.resolve("short").toString());
    }
}
