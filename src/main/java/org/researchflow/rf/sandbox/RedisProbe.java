package org.researchflow.rf.sandbox;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A plain connection to Redis that can say a few words: enough to greet, to ask and to stop it. */
final class RedisProbe implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 2_000;

    private final Socket socket;
    private final InputStream replies;

    private RedisProbe(Socket socket) throws IOException {
        this.socket = socket;
        this.replies = new BufferedInputStream(socket.getInputStream());
    }

    static RedisProbe connect(String host, int port, String password) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.ofLiteral(host), port), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            RedisProbe redis = new RedisProbe(socket);
            redis.call("AUTH", password);
            return redis;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Sends a command; its answer is a line or a bulk string. */
    String call(String... words) throws IOException {
        StringBuilder command = new StringBuilder("*" + words.length + "\r\n");
        for (String word : words) {
            command.append('$')
                    .append(word.length())
                    .append("\r\n")
                    .append(word)
                    .append("\r\n");
        }
        socket.getOutputStream().write(command.toString().getBytes(StandardCharsets.US_ASCII));
        String reply = line();
        return switch (reply.charAt(0)) {
            case '-' -> throw new IOException("Redis refused " + words[0]);
            case '$' ->
                new String(replies.readNBytes(Integer.parseInt(reply.substring(1)) + 2), StandardCharsets.UTF_8);
            default -> reply.substring(1);
        };
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = replies.read(); c != '\n'; c = replies.read()) {
            if (c < 0) {
                throw new EOFException("Redis closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        if (line.isEmpty()) {
            throw new IOException("not an answer of Redis");
        }
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
