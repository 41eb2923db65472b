package org.researchflow.rf;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/** A port on the loopback behind which another one is, whose answers come late. */
public final class SlowProxy implements AutoCloseable {

    private final ServerSocket server;
    private final int target;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Duration delay = Duration.ZERO;

    public SlowProxy(int target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 16, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(this::accept);
    }

    public int port() {
        return server.getLocalPort();
    }

    /** From now on each answer comes so late. */
    public void delay(Duration time) {
        delay = time;
    }

    private void accept() {
        try {
            while (true) {
                Socket client = server.accept();
                Socket behind = new Socket(InetAddress.ofLiteral("127.0.0.1"), target);
                open.add(client);
                open.add(behind);
                Thread.ofVirtual().start(() -> copy(client, behind, false));
                Thread.ofVirtual().start(() -> copy(behind, client, true));
            }
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void copy(Socket from, Socket to, boolean answers) {
        byte[] bytes = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (answers) {
                    LockSupport.parkNanos(delay.toNanos());
                }
                out.write(bytes, 0, read);
            }
        } catch (IOException _) {
            // One side has gone, and so does the other.
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
