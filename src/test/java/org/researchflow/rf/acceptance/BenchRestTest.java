package org.researchflow.rf.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.researchflow.rf.TestDatabase;
import org.researchflow.rf.TestPostgres;
import org.researchflow.rf.rest.ScriptedServer;

/** {@code rf bench rest}: the cohort question to a FHIR server that answers well, slowly, wrongly or not at all. */
class BenchRestTest {

    private static final String QUESTION =
            "/fhir/Patient?gender=male&_has:Condition:patient:code=44054006&_summary=count&_total=accurate";

    private static TestDatabase database;
    private static long men;

    @TempDir
    Path folder;

    @BeforeAll
    static void createViews() throws SQLException {
        database = TestPostgres.hapi880();
        Rf.on(database).run("views", "create-all").done();
        men = Rf.on(database)
                .run("query", "--gender", "male", "--code", "44054006", "-o", "json")
                .json()
                .path("count")
                .asLong();
    }

    @AfterAll
    static void drop() throws SQLException {
        database.close();
    }

    private static Ended bench(Rf rf, ScriptedServer server, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "bench",
                "rest",
                "--runs",
                "2",
                "--duration",
                "200ms",
                "--warmup",
                "10ms",
                "--fhir-url",
                server.base().toString()));
        arguments.addAll(Arrays.asList(more));
        return rf.run(arguments.toArray(String[]::new));
    }

    private static Ended bench(ScriptedServer server, String... more) {
        return bench(Rf.on(database), server, more);
    }

    private static void total(HttpExchange exchange, long total) throws IOException {
        ScriptedServer.json(exchange, "{\"resourceType\":\"Bundle\",\"type\":\"searchset\",\"total\":" + total + "}");
    }

    private static JsonNode fhir(Ended ended) {
        return ended.json().at("/series/2");
    }

    @Test
    void serverIsAskedTheCohortQuestionWithItsToken() throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "rest-canary-token\n");
        try (ScriptedServer server = new ScriptedServer().otherwise(exchange -> {
            LockSupport.parkNanos(Duration.ofMillis(30).toNanos());
            total(exchange, men);
        })) {
            Ended ended = bench(server, "--token-file", token.toString(), "-o", "json");
            assertThat(fhir(ended).path("runner").asText()).isEqualTo("fhir");
            assertThat(fhir(ended).at("/figures/p50/value").asDouble()).isBetween(30.0, 2000.0);
            assertThat(ended.out() + ended.err()).doesNotContain("rest-canary-token");
            assertThat(server.asked()).hasSizeGreaterThan(4).containsOnly(QUESTION);
            assertThat(server.authorizations()).containsOnly("Bearer rest-canary-token");
            Rf basic = Rf.on(database).with("RF_FHIR_USER", "u").with("RF_FHIR_PASSWORD", "p");
            bench(basic, server).done();
            assertThat(server.authorizations()).endsWith("Basic dTpw");
        }
    }

    @Test
    void answersThatDisagreeAreNotMeasured() throws IOException {
        try (ScriptedServer server = new ScriptedServer().otherwise(exchange -> total(exchange, men + 1))) {
            assertThat(bench(server).failed(1).err())
                    .contains("rf and the FHIR server do not agree, and nothing is measured")
                    .contains("rf " + men + ", the server " + (men + 1));
            assertThat(server.asked()).hasSize(1);
        }
    }

    @Test
    void serverThatCannotBeAskedIsExplained() throws IOException {
        try (ScriptedServer server = new ScriptedServer()) {
            server.fails(401);
            assertThat(bench(server).failed(1).err())
                    .contains("refuses rf (HTTP 401)", "no token was given", "--token-file");
            server.fails(500);
            assertThat(bench(server).failed(1).err())
                    .contains("does not count what a search finds", "it answers with HTTP 500");
            server.then(exchange -> ScriptedServer.json(exchange, "{\"resourceType\":\"OperationOutcome\"}"));
            assertThat(bench(server).failed(1).err()).contains("its answer is not a Bundle with a total");
            server.then(exchange -> ScriptedServer.json(exchange, "{"));
            assertThat(bench(server).failed(1).err()).contains("its answer is not JSON");
            server.then(exchange -> exchange.sendResponseHeaders(200, -1));
            assertThat(bench(server).failed(5).err()).contains("the answer is no JSON, by its content type");
        }
        ScriptedServer gone = new ScriptedServer();
        gone.close();
        assertThat(bench(gone).failed(5).err()).contains("does not answer a search", "connection refused");
        Rf rf = Rf.on(database);
        assertThat(rf.run("bench", "rest", "--fhir-url", "http://u:secret-canary@h/fhir")
                        .failed(2)
                        .err())
                .contains("--fhir-url holds a password")
                .doesNotContain("secret-canary");
        assertThat(rf.run("bench", "rest", "--fhir-url", "fhir").failed(2).err())
                .contains("--fhir-url is no base URL");
        assertThat(rf.run("bench", "rest").failed(2).err()).contains("no FHIR server is named");
    }

    @Test
    void answersThatFailOnTheWayAreCountedAsErrors() throws IOException {
        AtomicInteger number = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer().otherwise(exchange -> {
            if (number.incrementAndGet() % 3 == 0) {
                exchange.sendResponseHeaders(503, -1);
            } else {
                total(exchange, men);
            }
        })) {
            Ended ended = bench(server);
            assertThat(ended.code()).isEqualTo(3);
            number.set(0);
            assertThat(bench(server, "--fail-if", "fhir.errors>0").code()).isEqualTo(4);
        }
    }
}
