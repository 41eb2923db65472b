package org.researchflow.rf.speed;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/** What an error of Redis means for people. Its texts never hold a key or a value. */
final class RedisError {

    private static final String CLOSED = "closed the connection";

    private RedisError() {}

    /** Goes behind "Redis at HOST:PORT". */
    static String why(RedisException error) {
        for (@Nullable Throwable cause = error; cause != null; cause = cause.getCause()) {
            switch (cause) {
                case RedisCommandTimeoutException _ -> {
                    return "did not answer in time";
                }
                case PlainRedis.NotRedis _ -> {
                    return "did not answer as Redis does";
                }
                case RedisCommandExecutionException answered -> {
                    return "answered " + code(answered);
                }
                case SSLException _ -> {
                    return "is not trusted: its certificate is of nobody known (RF_REDIS_CA_FILE names who is), or not for"
                            + " this host";
                }
                case ConnectException e
                when String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("timed out") -> {
                    return "did not answer in time";
                }
                case ConnectException _ -> {
                    return "refused the connection";
                }
                case UnresolvedAddressException _ -> {
                    return "cannot be found: no such host";
                }
                case UnknownHostException _ -> {
                    return "cannot be found: no such host";
                }
                default -> {}
            }
        }
        return CLOSED;
    }

    /** Whether no more is known than that there is no connection any more. */
    static boolean isClosed(RedisException error) {
        return why(error).equals(CLOSED);
    }

    /** The first word of an error is its code; what follows may quote what was sent. */
    private static String code(RedisCommandExecutionException error) {
        String text = String.valueOf(error.getMessage());
        String code = text.split("[ :]", 2)[0];
        return switch (code) {
            case "OOM" -> "that it is out of memory (OOM)";
            case "EXECABORT" -> "that it did not take the changes (EXECABORT); it may be out of memory";
            case "NOAUTH", "WRONGPASS" -> "that the password or user is wrong (" + code + ")";
            case "NOPERM" -> "that its user may not do that (NOPERM)";
            case "MOVED" -> "that another node of its cluster has the keys (MOVED)";
            case "READONLY" -> "that it is a read-only replica (READONLY)";
            case "LOADING" -> "that it is loading its data (LOADING)";
            case String other when other.matches("[A-Z]{2,16}") -> "with the error " + other;
            default -> "with an error";
        };
    }

    static Failure failure(RedisSettings settings, RedisException error) {
        return Failure.unreachable("cannot use Redis at " + settings.place())
                .note("why", "it " + why(error))
                .causedBy(error);
    }
}
