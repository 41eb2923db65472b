package org.researchflow.rf;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;

/** Passes bytes on to a server, and for a while does not: what a person sees of a server that stalls. */
public final class StallingProxy implements AutoCloseable {

    private final ServerSocket listener;
    private final TestDatabase behind;
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private volatile long stalledUntil = System.nanoTime();

    private StallingProxy(ServerSocket listener, TestDatabase behind) {
        this.listener = listener;
        this.behind = behind;
    }

    public static StallingProxy before(TestDatabase behind) {
        try {
            StallingProxy proxy = new StallingProxy(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), behind);
            Thread.ofVirtual().start(proxy::accept);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same database through the proxy. */
    public TestDatabase database() {
        return new TestDatabase(
                listener.getInetAddress().getHostAddress(),
                listener.getLocalPort(),
                behind.database(),
                behind.user(),
                behind.password());
    }

    /** Nothing passes for so long. */
    public void stall(Duration time) {
        stalledUntil = System.nanoTime() + time.toNanos();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(behind.host(), behind.port());
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> pass(client, server));
                Thread.ofVirtual().start(() -> pass(server, client));
            }
        } catch (SocketException closed) {
            // by us
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void pass(Socket from, Socket to) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] bytes = new byte[1 << 16];
            for (int length = in.read(bytes); length >= 0; length = in.read(bytes)) {
                for (long left = stalledUntil - System.nanoTime(); left > 0; left = stalledUntil - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                out.write(bytes, 0, length);
                out.flush();
            }
        } catch (IOException ended) {
            // one of them went away: so does the other
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
