package org.researchflow.rf.rest;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;

/** An HTTP server on the loopback that gives answers in their order, and remembers what it was asked. */
public final class ScriptedServer implements AutoCloseable {

    private final HttpServer server;
    private final Deque<Script> scripts = new ArrayDeque<>();
    private Script otherwise = status(418);
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private final List<String> authorizations = Collections.synchronizedList(new ArrayList<>());

    /** An answer. */
    @FunctionalInterface
    public interface Script {
        void answer(HttpExchange exchange) throws IOException;
    }

    public ScriptedServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            Script script;
            synchronized (scripts) {
                script = scripts.isEmpty() ? otherwise : scripts.removeFirst();
            }
            try (exchange) {
                script.answer(exchange);
            }
        });
        server.start();
    }

    public URI base() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/fhir");
    }

    public List<String> asked() {
        return List.copyOf(asked);
    }

    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    public ScriptedServer then(Script script) {
        synchronized (scripts) {
            scripts.addLast(script);
        }
        return this;
    }

    /** What it answers when no more answers are left. */
    public ScriptedServer otherwise(Script script) {
        synchronized (scripts) {
            otherwise = script;
        }
        return this;
    }

    /** A Bundle with these entries, and a link to the next page if that is not empty. */
    public ScriptedServer page(String next, String... entries) {
        return then(exchange -> json(exchange, bundle(next, entries)));
    }

    public ScriptedServer fails(int status) {
        return then(status(status));
    }

    public static String bundle(String next, String... entries) {
        String link = next.isEmpty() ? "" : "\"link\":[{\"relation\":\"next\",\"url\":\"" + next + "\"}],";
        return "{\"resourceType\":\"Bundle\",\"type\":\"history\"," + link + "\"entry\":[" + String.join(",", entries)
                + "]}";
    }

    /** An entry of a version. */
    public static String version(String id, int version, String gender) {
        return """
                {"fullUrl":"x","resource":{"resourceType":"Patient","id":"%s",
                  "meta":{"versionId":"%d","lastUpdated":"2026-01-01T00:00:%02dZ"},"gender":"%s","multipleBirthInteger":1.50},
                 "request":{"method":"PUT","url":"Patient/%s"}}""".formatted(id, version, version, gender, id);
    }

    /** An entry of a deletion. */
    public static String deletion(String id, int version) {
        return """
                {"request":{"method":"DELETE","url":"Patient/%s/_history/%d"},
                 "response":{"status":"204","lastModified":"2026-01-01T00:00:%02dZ"}}""".formatted(id, version, version);
    }

    public static void json(HttpExchange exchange, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/fhir+json;charset=utf-8");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static Script status(int status) {
        return exchange -> exchange.sendResponseHeaders(status, -1);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
