package org.researchflow.rf.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Free ports of the loopback interface. */
final class Ports {

    private Ports() {}

    /** The preferred port if nobody listens on it, else one that the system gives. */
    static int free(int preferred) {
        try {
            return bind(preferred);
        } catch (IOException taken) {
            try {
                return bind(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static int bind(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }
}
