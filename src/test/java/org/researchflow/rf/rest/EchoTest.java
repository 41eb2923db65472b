package org.researchflow.rf.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.Failure;

/** A FHIR server that sends back what it was told is not quoted, however broken its answer is. */
class EchoTest {

    private static final String TOKEN = "canary-token";

    /** Answers each connection with the same bytes. */
    private record Parrot(ServerSocket socket, Thread thread) implements AutoCloseable {

        static Parrot saying(String answer) throws IOException {
            ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            return new Parrot(socket, Thread.ofVirtual().start(() -> {
                while (!socket.isClosed()) {
                    try (Socket client = socket.accept()) {
                        int read = client.getInputStream().read(new byte[8192]);
                        assertThat(read).isPositive();
                        client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    } catch (IOException e) {
                        if (!socket.isClosed()) {
                            throw new UncheckedIOException(e);
                        }
                    }
                }
            }));
        }

        URI base() {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/fhir");
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "canary-token\r\n\r\n",
                "HTTP/1.1 canary-token\r\n\r\n",
                "HTTP/1.1 200 OK\r\ncanary-token\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: canary-token\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: canary-token\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nConnection: close\r\n\r\n{\"a\": canary-token}",
                "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nConnection: close\r\n\r\n{\"canary-token",
                "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\ncanary-token",
                "HTTP/1.1 302 Found\r\nLocation: http://canary-token:x/\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: http://[canary-token\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Type: application/fhir+json\r\nConnection: close\r\n\r\n{\"resourceType\":"
                        + " \"Bundle\", \"link\": [{\"relation\": \"next\", \"url\": \"http://[canary-token\"}]}",
                "HTTP/1.1 500 canary-token\r\nRetry-After: canary-token\r\nContent-Length: 0\r\n\r\n",
            })
    void answerIsNotQuoted(String answer) throws IOException {
        try (Parrot parrot = Parrot.saying(answer);
                FhirServer server = new FhirServer(
                        parrot.base(),
                        Credentials.bearer(TOKEN),
                        new FhirServer.Limits(1 << 20, Duration.ofSeconds(5)),
                        _ -> true)) {
            Failure failure = catchThrowableOfType(
                    Failure.class,
                    () -> new FhirFeed(server)
                            .read("Patient", java.time.Instant.parse("2026-01-01T00:00:00Z"), _ -> {}));
            assertThat(failure).isNotNull();
            StringBuilder said = new StringBuilder(failure.what() + failure.notes());
            for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
                said.append(cause);
            }
            assertThat(said.toString()).doesNotContain("canary");
        }
    }
}
