package org.researchflow.rf.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.researchflow.rf.Failure;

/**
 * Where a FHIR server says that something changed. That is all it can say: nothing of what it sends is looked at but the
 * secret, so that nobody who knows the address can put anything into an answer.
 */
public final class WakeUps implements AutoCloseable {

    /** No resource is larger; who sends more is not listened to. */
    private static final long MOST_BYTES = 64L << 20;

    private static final int SENDERS = 4;
    private static final Set<String> METHODS = Set.of("POST", "PUT", "DELETE");

    private final HttpServer server;
    private final ExecutorService threads;
    private final byte[] secret;
    private final Runnable wake;

    private WakeUps(HttpServer server, String secret, Runnable wake) {
        this.server = server;
        this.threads = Executors.newFixedThreadPool(SENDERS, work -> {
            Thread thread = new Thread(work, "rf-listen");
            thread.setDaemon(true);
            return thread;
        });
        this.secret = authorization(secret).getBytes(StandardCharsets.UTF_8);
        this.wake = wake;
    }

    /**
     * Listens until it is closed.
     *
     * @param place where; port 0 is any that is free
     * @param secret that whoever sends has to know
     * @param wake what is done at each message, by several threads at a time
     */
    public static WakeUps listen(InetSocketAddress place, String secret, Runnable wake) {
        try {
            HttpServer server = HttpServer.create(place, 0);
            WakeUps listening = new WakeUps(server, secret, wake);
            server.createContext("/", listening::answer);
            server.setExecutor(listening.threads);
            server.start();
            return listening;
        } catch (IOException e) {
            throw Failure.failed("cannot listen on " + place.getHostString() + ":" + place.getPort())
                    .note("why", String.valueOf(e.getMessage()))
                    .note("try", "another port, or 0 for any that is free")
                    .causedBy(e);
        }
    }

    /** The value of the header {@code Authorization} that whoever sends has to show. */
    static String authorization(String secret) {
        return "Bearer " + secret;
    }

    public int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!knowsTheSecret(exchange)) {
                exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
                exchange.sendResponseHeaders(401, -1);
            } else if (!METHODS.contains(exchange.getRequestMethod())) {
                exchange.getResponseHeaders().set("Allow", "POST, PUT, DELETE");
                exchange.sendResponseHeaders(405, -1);
            } else if (!isShort(exchange)) {
                exchange.sendResponseHeaders(413, -1);
            } else {
                wake.run();
                exchange.sendResponseHeaders(204, -1);
            }
        }
    }

    /** However much of it is right, the comparison takes as long. */
    private boolean knowsTheSecret(HttpExchange exchange) {
        return Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .map(shown -> MessageDigest.isEqual(shown.getBytes(StandardCharsets.UTF_8), secret))
                .orElse(false);
    }

    // A sender whose body is not taken in believes that it failed, and sends it again.
    private static boolean isShort(HttpExchange exchange) throws IOException {
        try (InputStream body = exchange.getRequestBody()) {
            byte[] ignored = new byte[1 << 13];
            long read = 0;
            for (int some = body.read(ignored); some >= 0 && read <= MOST_BYTES; some = body.read(ignored)) {
                read += some;
            }
            return read <= MOST_BYTES;
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
