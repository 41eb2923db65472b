package org.researchflow.rf.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.researchflow.rf.Failure;

/**
 * A FHIR server over HTTP, asked one question at a time. What fails in passing (no answer, 429, 5xx, a page that is cut
 * off or is no FHIR at all) is asked again, after growing pauses or when the server says so. Credentials go to the
 * server's own origin only.
 */
public final class FhirServer implements AutoCloseable {

    private static final int ATTEMPTS = 6;
    private static final int REDIRECTS = 5;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    private static final ObjectMapper TREES = new ObjectMapper();

    private final HttpClient client;
    private final URI base;
    private final Credentials credentials;
    private final Limits limits;
    private final Waiting waiting;

    /**
     * What an answer may cost.
     *
     * @param page how many bytes at most, unpacked or not
     * @param time how long at most
     */
    public record Limits(int page, Duration time) {
        public static final Limits STANDARD = new Limits(64 << 20, Duration.ofMinutes(2));
    }

    /** What the server said to a question. */
    sealed interface Answer {

        /**
         * A page.
         *
         * @param at by the server's clock; empty where it does not tell
         */
        record Page(FhirPage page, Optional<Instant> at) implements Answer {}

        /** It has not got that, or not any more. */
        record Refused(int status) implements Answer {}
    }

    /** A server below its base URL. */
    public FhirServer(URI base, Credentials credentials, Limits limits, Waiting waiting) {
        this.base = base.getPath().endsWith("/") ? base : URI.create(base + "/");
        this.credentials = credentials;
        this.limits = limits;
        this.waiting = waiting;
        this.client = HttpClient.newBuilder()
                .connectTimeout(Duration.ofSeconds(10))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The base URL, with a slash at its end. */
    public URI base() {
        return base;
    }

    /** An address below the base. */
    URI address(String rest) {
        return URI.create(base + rest);
    }

    /** Where a link of a page leads; a {@link Failure} if that is somebody else's. */
    URI own(URI from, String link) {
        URI target = resolved(from, link);
        if (!origin(target).equals(origin(base))) {
            throw Failure.failed("the FHIR server's next page is on another server")
                    .note("why", origin(target) + " instead of " + origin(base) + ", where nobody may be asked for it")
                    .note("try", "the server's own base URL, as its links have it (HAPI: server_address)");
        }
        return target;
    }

    private static URI resolved(URI from, String link) {
        try {
            return from.resolve(link.replace("|", "%7C").replace(" ", "%20"));
        } catch (IllegalArgumentException _) {
            // Its message quotes the link.
            throw Failure.failed("the FHIR server's next page has no address").note("why", "its link is no URL");
        }
    }

    private static String origin(URI address) {
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        int port = address.getPort() >= 0 ? address.getPort() : scheme.equals("https") ? 443 : 80;
        return scheme + "://" + String.valueOf(address.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
    }

    /**
     * What the server said to something else than a question for a page.
     *
     * @param body whatever it is
     */
    record Said(int status, String body) {}

    /** Says something once; a {@link Failure} where there is no answer, or the server does not let rf in. */
    Said say(String method, URI address, String body) throws InterruptedException {
        try {
            HttpRequest.Builder request = request(address);
            if (body.isEmpty()) {
                request.method(method, BodyPublishers.noBody());
            } else {
                request.header("Content-Type", "application/fhir+json; charset=utf-8")
                        .method(method, BodyPublishers.ofString(body));
            }
            HttpResponse<byte[]> response = answer(request.build());
            requireLetIn(response.statusCode());
            return new Said(response.statusCode(), new String(unpacked(response), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw Failure.unreachable("the FHIR server at " + origin(base) + " does not answer")
                    .note("why", inWords(e));
        }
    }

    private void requireLetIn(int status) {
        if (status == 401 || status == 403) {
            throw Failure.failed("the FHIR server refuses rf (HTTP " + status + ")")
                    .note(
                            "why",
                            credentials.header().isEmpty()
                                    ? "no token was given"
                                    : "the token or password is not accepted")
                    .note("try", "--token-file FILE   or   RF_FHIR_TOKEN_FILE=FILE");
        }
    }

    /**
     * How many resources a search finds, by the server's own word; asked once.
     *
     * @param search such as {@code Patient?gender=male}
     * @throws Failure if it does not say
     */
    public long count(String search) throws InterruptedException {
        HttpResponse<byte[]> response;
        JsonNode bundle;
        try {
            response = ask(
                    address(search + (search.contains("?") ? "&" : "?") + "_summary=count&_total=accurate"), REDIRECTS);
            requireLetIn(response.statusCode());
            bundle = response.statusCode() == HttpURLConnection.HTTP_OK
                    ? TREES.readTree(text(response))
                    : MissingNode.getInstance();
        } catch (JsonProcessingException e) {
            throw noCount("its answer is not JSON").causedBy(e);
        } catch (IOException e) {
            throw Failure.unreachable("the FHIR server at " + origin(base) + " does not answer a search")
                    .note("why", inWords(e))
                    .causedBy(e);
        }
        if (response.statusCode() != HttpURLConnection.HTTP_OK) {
            throw noCount("it answers with HTTP " + response.statusCode());
        }
        if (!bundle.path("total").isIntegralNumber()) {
            throw noCount("its answer is not a Bundle with a total");
        }
        return bundle.path("total").asLong();
    }

    private Failure noCount(String why) {
        return Failure.failed("the FHIR server at " + origin(base) + " does not count what a search finds")
                .note("why", why);
    }

    /** Asks until there is an answer that is worth something. */
    Answer get(URI address) throws InterruptedException {
        Duration pause = FIRST_PAUSE;
        String why = "";
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<Duration> asked = Optional.empty();
            try {
                HttpResponse<byte[]> response = ask(address, REDIRECTS);
                int status = response.statusCode();
                if (status == 200) {
                    return new Answer.Page(FhirPage.read(text(response)), date(response));
                }
                requireLetIn(status);
                boolean inPassing = status == 429 || (status >= 500 && status != 501);
                if (!inPassing) {
                    return new Answer.Refused(status);
                }
                why = "HTTP " + status;
                asked = retryAfter(response);
            } catch (IOException e) {
                why = inWords(e);
            }
            if (attempt < ATTEMPTS && !waiting.pause(shorter(asked.orElse(uneven(pause))))) {
                throw Failure.failed("stopped while waiting for the FHIR server");
            }
            pause = shorter(pause.multipliedBy(2));
        }
        throw Failure.of(Failure.Kind.UNREACHABLE, "cannot get a page from the FHIR server at " + origin(base))
                .note("why", why)
                .note("note", "nothing is lost: the next round begins where the last whole one ended");
    }

    private HttpResponse<byte[]> ask(URI address, int redirects) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = answer(request(address).build());
        Optional<String> moved = response.statusCode() >= 300 && response.statusCode() < 400
                ? response.headers().firstValue("Location")
                : Optional.empty();
        if (moved.isEmpty()) {
            return response;
        }
        if (redirects == 0) {
            throw new IOException("it redirects in circles");
        }
        return ask(own(address, moved.get()), redirects - 1);
    }

    private HttpRequest.Builder request(URI address) {
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(limits.time())
                .header("Accept", "application/fhir+json")
                .header("Accept-Encoding", "gzip")
                .header("Cache-Control", "no-cache");
        if (!credentials.header().isEmpty()) {
            request.header("Authorization", credentials.header());
        }
        return request;
    }

    private HttpResponse<byte[]> answer(HttpRequest request) throws IOException, InterruptedException {
        // Time and size are limited for the body as well, which the client's own timeout is not about.
        CompletableFuture<HttpResponse<byte[]>> sent =
                client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), limits.page()));
        try {
            return sent.get(limits.time().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            sent.cancel(true);
            throw new IOException("no whole answer within " + limits.time().toSeconds() + " s", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException("the connection failed", e);
        }
    }

    /** What Java and Jackson say of an answer that they cannot read quotes it, and with it what rf sent or got. */
    private String inWords(IOException error) {
        String text =
                Objects.requireNonNullElse(error.getMessage(), error.getClass().getSimpleName());
        return switch (error) {
            case JacksonException _ -> "the answer is no JSON";
            case ProtocolException _ -> "the answer is no HTTP";
            // Java's client says nothing of what every other program calls so.
            case ConnectException _ when error.getMessage() == null -> "connection refused";
            case IOException _
            when text.contains("limit") || text.contains("capacity") ->
                "a page is larger than " + (limits.page() >> 20) + " MB";
            default -> text;
        };
    }

    private byte[] text(HttpResponse<byte[]> response) throws IOException {
        String type = response.headers().firstValue("Content-Type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.contains("json")) {
            throw new IOException("the answer is no JSON, by its content type");
        }
        return unpacked(response);
    }

    private byte[] unpacked(HttpResponse<byte[]> response) throws IOException {
        boolean zipped = response.headers()
                .firstValue("Content-Encoding")
                .filter(encoding -> encoding.equalsIgnoreCase("gzip"))
                .isPresent();
        if (!zipped) {
            return response.body();
        }
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
            byte[] text = in.readNBytes(limits.page());
            if (in.read() >= 0) {
                throw new IOException("a page is larger than " + (limits.page() >> 20) + " MB");
            }
            return text;
        }
    }

    private static Optional<Instant> date(HttpResponse<?> response) {
        return response.headers().firstValue("Date").flatMap(FhirServer::moment);
    }

    private static Optional<Instant> moment(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException _) {
            return Optional.empty();
        }
    }

    /** Seconds, or a moment: then from the server's now on. */
    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .flatMap(text -> text.matches("[0-9]{1,9}")
                        ? Optional.of(Duration.ofSeconds(Long.parseLong(text)))
                        : moment(text)
                                .flatMap(until -> date(response).map(now -> Duration.between(now, until)))
                                .filter(Duration::isPositive));
    }

    private static Duration shorter(Duration pause) {
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private static Duration uneven(Duration pause) {
        return Duration.ofMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 2, pause.toMillis() + 1));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
