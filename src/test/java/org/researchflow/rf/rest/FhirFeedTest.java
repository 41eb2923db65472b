package org.researchflow.rf.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.researchflow.rf.rest.ScriptedServer.bundle;
import static org.researchflow.rf.rest.ScriptedServer.deletion;
import static org.researchflow.rf.rest.ScriptedServer.json;
import static org.researchflow.rf.rest.ScriptedServer.version;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.researchflow.rf.Failure;

/** What a FHIR server's answers become, whatever happens under way. */
class FhirFeedTest {

    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    private final ScriptedServer script = server();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> taken = new ArrayList<>();

    private static ScriptedServer server() {
        try {
            return new ScriptedServer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @AfterEach
    void stop() {
        script.close();
    }

    private FhirFeed.Window read() throws SQLException, InterruptedException {
        return read(new FhirServer.Limits(1 << 20, Duration.ofSeconds(5)));
    }

    private FhirFeed.Window read(FhirServer.Limits limits) throws SQLException, InterruptedException {
        try (FhirServer server = new FhirServer(script.base(), Credentials.bearer("secret"), limits, pauses::add)) {
            return new FhirFeed(server)
                    .read(
                            "Patient",
                            SINCE,
                            page -> page.forEach(resource -> taken.add(resource.key()
                                    + "/"
                                    + resource.version().orElse("-")
                                    + (resource.body().isEmpty() ? " deleted" : ""))));
        }
    }

    @Test
    void historyIsReadPageByPage() throws SQLException, InterruptedException {
        script.page("Patient/_history?page=2", version("a", 2, "male"), deletion("b", 3))
                .page("", version("a", 1, "male"));
        FhirFeed.Window window = read();
        assertThat(taken).containsExactly("a/2", "b/3 deleted", "a/1");
        assertThat(window.deletions()).isTrue();
        assertThat(window.at()).isPresent();
        assertThat(script.asked())
                .containsExactly(
                        "/fhir/Patient/_history?_since=2026-01-01T00%3A00%3A00Z&_count=200",
                        "/fhir/Patient/Patient/_history?page=2");
        assertThat(script.authorizations()).containsOnly("Bearer secret");
    }

    @Test
    void serverWithoutHistoryIsSearched() throws SQLException, InterruptedException {
        script.fails(405).page("", version("a", 2, "male"));
        assertThat(read().deletions()).isFalse();
        assertThat(taken).containsExactly("a/2");
        assertThat(script.asked().getLast()).contains("/fhir/Patient?_lastUpdated=ge2026");
    }

    @Test
    void whatFailsInPassingIsAskedAgain() throws SQLException, InterruptedException {
        script.fails(500)
                .then(exchange -> {
                    exchange.getResponseHeaders().set("Retry-After", "7");
                    exchange.sendResponseHeaders(429, -1);
                })
                // cut off in the middle
                .then(exchange -> {
                    byte[] half =
                            bundle("", version("x", 1, "male")).substring(0, 90).getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("Content-Type", "application/fhir+json");
                    exchange.sendResponseHeaders(200, half.length + 100);
                    exchange.getResponseBody().write(half);
                })
                // no FHIR at all
                .then(exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "text/html");
                    exchange.sendResponseHeaders(200, 4);
                    exchange.getResponseBody().write("<p/>".getBytes(StandardCharsets.UTF_8));
                })
                .then(exchange ->
                        json(exchange, bundle("", version("x", 1, "male")).substring(0, 90)))
                .page("", version("a", 1, "male"));
        read();
        assertThat(taken).containsExactly("a/1");
        // The client itself asks again when a connection ends at once.
        assertThat(pauses).hasSizeBetween(4, 5).contains(Duration.ofSeconds(7));
    }

    @Test
    void pagesThatExpireBeginTheWindowAgain() throws SQLException, InterruptedException {
        String next = script.base() + "/page2";
        script.page(next, version("a", 1, "male"))
                .fails(410)
                .page(next, version("a", 1, "male"), version("c", 1, "male"))
                .page("", version("b", 1, "male"));
        read();
        assertThat(taken).containsExactly("a/1", "a/1", "c/1", "b/1");
    }

    @Test
    void pagesThatAlwaysExpireAreAFailure() {
        for (int i = 0; i < 4; i++) {
            script.page(script.base() + "/page2").fails(410);
        }
        assertThatThrownBy(this::read)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("pages expire before they can be read");
    }

    @Test
    void linkToAnotherServerIsNotFollowed() {
        script.page("http://example.org/fhir?page=2", version("a", 1, "male"));
        assertThatThrownBy(this::read)
                .isInstanceOf(Failure.class)
                .hasMessageContaining("next page is on another server");
    }

    @Test
    void redirectIsFollowedOnTheSameServerOnly() throws SQLException, InterruptedException {
        script.then(exchange -> {
                    exchange.getResponseHeaders().set("Location", "/elsewhere");
                    exchange.sendResponseHeaders(307, -1);
                })
                .page("", version("a", 1, "male"))
                .then(exchange -> {
                    exchange.getResponseHeaders().set("Location", "http://example.org/");
                    exchange.sendResponseHeaders(302, -1);
                });
        read();
        assertThat(script.asked()).contains("/elsewhere");
        assertThatThrownBy(this::read).isInstanceOf(Failure.class).hasMessageContaining("another server");
    }

    @Test
    void hugePageIsAFailureAndNotHeld() {
        String large = "x".repeat(2 << 20);
        for (int i = 0; i < 6; i++) {
            script.then(exchange -> json(exchange, "{\"resourceType\":\"" + large + "\"}"));
        }
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure ->
                                assertThat(failure.notes().get("why")).containsExactly("a page is larger than 1 MB"));
    }

    @Test
    void zippedPageIsUnpacked() throws SQLException, InterruptedException {
        script.then(exchange -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
                zip.write(bundle("", version("a", 1, "male")).getBytes(StandardCharsets.UTF_8));
            }
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            exchange.sendResponseHeaders(200, bytes.size());
            exchange.getResponseBody().write(bytes.toByteArray());
        });
        read();
        assertThat(taken).containsExactly("a/1");
    }

    @Test
    void silentServerIsAskedAgain() throws SQLException, InterruptedException {
        script.then(exchange -> {
                    exchange.getResponseHeaders().set("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, 100);
                    exchange.getResponseBody().flush();
                    // Nothing follows: the connection is cut when the exchange is closed.
                })
                .page("", version("a", 1, "male"));
        read();
        assertThat(taken).containsExactly("a/1");
    }

    @Test
    void refusedTokenIsSaidWithoutShowingIt() {
        script.fails(401);
        assertThatThrownBy(this::read)
                .isInstanceOfSatisfying(
                        Failure.class,
                        failure -> assertThat(failure.toString() + failure.notes())
                                .contains("refuses rf")
                                .doesNotContain("secret"));
    }

    @Test
    void entriesThatHoldNothingAreCounted() throws SQLException, InterruptedException {
        script.page(
                "",
                "{\"resource\":{\"resourceType\":\"Nonsense\",\"id\":\"a\"}}",
                "{\"request\":{\"method\":\"DELETE\"}}",
                "{\"search\":{\"mode\":\"outcome\"},\"resource\":{\"resourceType\":\"OperationOutcome\"}}",
                version("a", 1, "male"));
        assertThat(read().rejected()).isEqualTo(2);
        assertThat(taken).containsExactly("a/1");
    }

    @Test
    void numbersKeepTheirDigits() throws IOException {
        FhirPage page = FhirPage.read(bundle("", version("ü", 1, "male")).getBytes(StandardCharsets.UTF_8));
        assertThat(new String(page.resources().getFirst().body().orElseThrow(), StandardCharsets.UTF_8))
                .startsWith("{\"resourceType\":\"Patient\"")
                .endsWith("\"multipleBirthInteger\":1.50}");
    }
}
