package org.researchflow.rf.speed;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis over a plain socket, for a process that asks one question: Lettuce and what it stands on take
 * longer to load than everything else that such a process does. It speaks as much of Redis' protocol (RESP2) as the
 * question needs.
 */
final class PlainRedis implements RedisConnection {

    private static final int BUFFER = 1 << 13;

    /** Redis takes and gives nothing longer. */
    private static final int LONGEST = 512 << 20;

    private static final byte[] LINE_END = {'\r', '\n'};

    private final Socket socket;
    private final Duration timeout;
    private final byte[] buffer = new byte[BUFFER];
    private int next;
    private int end;
    private long deadline;

    private PlainRedis(Socket socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
    }

    /**
     * Connects and logs in.
     *
     * @throws RedisException if there is no Redis, or none that lets us in
     */
    static PlainRedis open(RedisSettings settings, RedisSettings.Place place) {
        Socket socket = new Socket();
        PlainRedis redis = new PlainRedis(socket, settings.answerTimeout());
        try {
            socket.setTcpNoDelay(true);
            socket.connect(
                    new InetSocketAddress(place.host(), place.port()),
                    Math.toIntExact(settings.connectTimeout().toMillis()));
            redis.logIn(settings, place.database());
            return redis;
        } catch (IOException e) {
            redis.close();
            throw failure(e);
        } catch (RedisException e) {
            redis.close();
            throw e;
        }
    }

    private void logIn(RedisSettings settings, int database) throws IOException {
        if (settings.password().isPresent()) {
            logIn(settings.user(), settings.password().get());
        }
        if (database != 0) {
            answers(List.of(List.of("SELECT", Integer.toString(database))));
        }
    }

    // A Redis whose default user needs no password refuses one that comes without a name. Before Redis 6 there were
    // none.
    private void logIn(Optional<String> user, String password) throws IOException {
        try {
            answers(List.of(List.of("AUTH", user.orElse("default"), password)));
        } catch (RedisCommandExecutionException e) {
            if (user.isPresent() || !String.valueOf(e.getMessage()).contains("wrong number of arguments")) {
                throw e;
            }
            answers(List.of(List.of("AUTH", password)));
        }
    }

    @Override
    public List<Object> eval(String script, List<String> keys, List<String> arguments) {
        List<String> command = new ArrayList<>(List.of("EVAL", script, Integer.toString(keys.size())));
        command.addAll(keys);
        command.addAll(arguments);
        return list(asked(List.of(command)).getFirst());
    }

    @Override
    public List<List<@Nullable String>> fields(List<String> hashes, List<String> fields) {
        List<List<String>> commands = new ArrayList<>();
        for (String hash : hashes) {
            List<String> command = new ArrayList<>(List.of("HMGET", hash));
            command.addAll(fields);
            commands.add(command);
        }
        List<List<@Nullable String>> all = new ArrayList<>();
        for (Object answer : asked(commands)) {
            List<@Nullable String> values = new ArrayList<>();
            for (@Nullable Object value : list(answer)) {
                values.add(value == null ? null : new String((byte[]) value, StandardCharsets.UTF_8));
            }
            all.add(values);
        }
        return all;
    }

    private List<Object> asked(List<List<String>> commands) {
        try {
            return answers(commands);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Sends all commands at once, and reads an answer to each. */
    private List<Object> answers(List<List<String>> commands) throws IOException {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (List<String> command : commands) {
            header(sent, '*', command.size());
            for (String word : command) {
                byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
                header(sent, '$', bytes.length);
                sent.writeBytes(bytes);
                sent.writeBytes(LINE_END);
            }
        }
        sent.writeTo(socket.getOutputStream());
        return all(commands.size(), () -> {
            deadline = System.nanoTime() + timeout.toNanos();
            return answer();
        });
    }

    /** Some of what Redis says. */
    private interface Part {
        @Nullable
        Object read() throws IOException;
    }

    /** All parts, also those behind an error: they would be taken for answers to the next commands. */
    private static List<Object> all(int count, Part part) throws IOException {
        List<Object> all = new ArrayList<>();
        @Nullable RedisCommandExecutionException first = null;
        for (int i = 0; i < count; i++) {
            try {
                add(all, part.read());
            } catch (RedisCommandExecutionException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return all;
    }

    private static void header(ByteArrayOutputStream sent, char kind, int number) {
        sent.write(kind);
        sent.writeBytes(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
        sent.writeBytes(LINE_END);
    }

    private @Nullable Object answer() throws IOException {
        int kind = read();
        String line = line();
        return switch (kind) {
            case '+' -> line.getBytes(StandardCharsets.UTF_8);
            case '-' -> throw new RedisCommandExecutionException(line);
            case ':' -> number(line);
            case '$' -> bytes(length(line));
            case '*' -> items(length(line));
            default -> throw new NotRedis();
        };
    }

    private static long number(String line) {
        try {
            return Long.parseLong(line);
        } catch (NumberFormatException _) {
            throw new NotRedis();
        }
    }

    /** -1 for what there is not. */
    private static int length(String line) {
        long length = number(line);
        if (length < -1 || length > LONGEST) {
            throw new NotRedis();
        }
        return (int) length;
    }

    private byte @Nullable [] bytes(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        for (int done = 0; done < length; ) {
            if (next == end) {
                fill();
            }
            int some = Math.min(length - done, end - next);
            System.arraycopy(buffer, next, bytes, done, some);
            next += some;
            done += some;
        }
        line();
        return bytes;
    }

    private @Nullable List<Object> items(int count) throws IOException {
        return count < 0 ? null : all(count, this::answer);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int read = read(); read != '\r'; read = read()) {
            line.append((char) read);
        }
        read();
        return line.toString();
    }

    private int read() throws IOException {
        if (next == end) {
            fill();
        }
        return buffer[next++] & 0xff;
    }

    /** However little comes at a time: an answer has come in time, or has not. */
    private void fill() throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        socket.setSoTimeout(Math.toIntExact(left));
        InputStream in = socket.getInputStream();
        int count = in.read(buffer);
        if (count < 0) {
            throw new EOFException("the connection was closed");
        }
        next = 0;
        end = count;
    }

    @SuppressWarnings("NullAway") // what a hash does not have is a null in the answer
    private static void add(List<Object> items, @Nullable Object item) {
        items.add(item);
    }

    @SuppressWarnings("unchecked") // what a script returns has the shape that the script gives it
    private static List<Object> list(@Nullable Object answer) {
        if (answer instanceof List<?> list) {
            return (List<Object>) list;
        }
        throw new NotRedis();
    }

    /** Whatever answers here speaks another protocol. */
    static final class NotRedis extends RedisException {
        private static final long serialVersionUID = 1;

        NotRedis() {
            super("no answer of Redis");
        }
    }

    private static RedisException failure(IOException error) {
        return error instanceof SocketTimeoutException
                ? new RedisCommandTimeoutException("no answer in time")
                : new RedisConnectionException("no connection", error);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException _) {
            // It is not used any more.
        }
    }
}
