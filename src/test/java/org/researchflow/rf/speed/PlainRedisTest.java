package org.researchflow.rf.speed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lettuce.core.AclSetuserArgs;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.researchflow.rf.TestRedis;

/** A socket says what Lettuce says. */
@Timeout(60)
class PlainRedisTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://cache",
                "redis://cache:6380",
                "redis://cache.example.org:6379/3",
                "redis://127.0.0.1/0",
                "redis://my-host/15"
            })
    void placeIsTheOneThatLettuceFinds(String url) {
        RedisURI uri = RedisURI.create(url);
        RedisSettings settings = RedisSettings.of(url, "");
        assertThat(settings.plain()).contains(new RedisSettings.Place(uri.getHost(), uri.getPort(), uri.getDatabase()));
        assertThat(settings.place()).isEqualTo(uri.getHost() + ":" + uri.getPort());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rediss://cache",
                "redis-sentinel://one,two/0#main",
                "redis://cache?timeout=2s",
                "redis://[::1]:6379",
                "redis://cache?database=3"
            })
    void whatIsNotPlainIsForLettuce(String url) {
        assertThat(RedisSettings.of(url, "").plain()).isEmpty();
    }

    /** Arrays as lists, bytes as numbers between 0 and 255 behind an "x". */
    private static String shown(Object value) {
        return switch (value) {
            case null -> "null";
            case byte[] bytes -> "x" + Arrays.toString(bytes);
            case List<?> list ->
                list.stream().map(PlainRedisTest::shown).toList().toString();
            default -> value.toString();
        };
    }

    @Test
    void answersAreThoseThatLettuceGives() {
        try (TestRedis redis = TestRedis.start()) {
            RedisSettings at = redis.settings("");
            redis.ask(commands -> commands.hset("hash", "text", "Größe 1\r\n"));
            redis.ask(commands -> commands.hset("hash", "long", "7".repeat(30_000)));
            try (RedisConnection plain = PlainRedis.open(at, at.plain().orElseThrow());
                    RedisConnection lettuce = RedisSession.open(at, Duration.ofSeconds(5))) {
                for (String script : List.of(
                        "return {1, -2, 'ä', false, {}, {{'x'}, 3}, '', redis.call('HGETALL', KEYS[1])}",
                        "return redis.call('HMGET', KEYS[1], 'text', 'none', ARGV[1])",
                        "local many = {}; for i = 1, 20000 do many[i] = {i, tostring(i)} end; return many")) {
                    assertThat(shown(plain.eval(script, List.of("hash"), List.of("long"))))
                            .isEqualTo(shown(lettuce.eval(script, List.of("hash"), List.of("long"))));
                }
                List<String> fields = List.of("none", "text", "long");
                assertThat(plain.fields(List.of("hash", "other", "hash"), fields))
                        .isEqualTo(lettuce.fields(List.of("hash", "other", "hash"), fields));
                assertThatThrownBy(() -> plain.eval("return redis.error_reply('OOM x')", List.of(), List.of()))
                        .isInstanceOfSatisfying(
                                RedisException.class,
                                e -> assertThat(RedisError.why(e))
                                        .isEqualTo("answered that it is out of memory (OOM)"));
                assertThatThrownBy(() -> plain.eval(
                                "return {1, redis.error_reply('NOPERM x'), {redis.error_reply('OOM x')}, 'y'}",
                                List.of(),
                                List.of()))
                        .isInstanceOfSatisfying(
                                RedisException.class,
                                e -> assertThat(RedisError.why(e))
                                        .isEqualTo("answered that its user may not do that (NOPERM)"));
                // The next answer is read from its beginning.
                assertThat(shown(plain.eval("return {1}", List.of(), List.of())))
                        .isEqualTo("[1]");
            }
        }
    }

    @Test
    void answerThatTakesTooLongIsLate() throws Exception {
        try (TestRedis redis = TestRedis.start()) {
            RedisSettings at = redis.settings("").withAnswerTimeout(Duration.ofMillis(200));
            try (RedisConnection plain = PlainRedis.open(at, at.plain().orElseThrow())) {
                redis.pause();
                assertThatThrownBy(() -> plain.eval("return {1}", List.of(), List.of()))
                        .isInstanceOfSatisfying(
                                RedisException.class,
                                e -> assertThat(RedisError.why(e)).isEqualTo("did not answer in time"));
                redis.goOn();
            }
        }
    }

    @Test
    void redisThatIsGoneHasClosedTheConnection() {
        try (TestRedis redis = TestRedis.start()) {
            RedisSettings at = redis.settings("");
            try (RedisConnection plain = PlainRedis.open(at, at.plain().orElseThrow())) {
                redis.kill();
                assertThatThrownBy(() -> plain.eval("return {1}", List.of(), List.of()))
                        .isInstanceOfSatisfying(
                                RedisException.class,
                                e -> assertThat(RedisError.why(e)).isEqualTo("closed the connection"));
            }
        }
    }

    @Test
    void passwordThatNobodyAskedForIsTakenAsByLettuce() {
        try (TestRedis redis = TestRedis.start()) {
            RedisSettings at = redis.settings("");
            redis.ask(commands -> commands.aclSetuser(
                    "default", AclSetuserArgs.Builder.nopass().on()));
            for (RedisConnection connection : List.of(
                    PlainRedis.open(at, at.plain().orElseThrow()), RedisSession.open(at, Duration.ofSeconds(5)))) {
                try (connection) {
                    assertThat(shown(connection.eval("return {1}", List.of(), List.of())))
                            .isEqualTo("[1]");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1 400 Bad Request\r\n\r\n", "$99999999999\r\n", "*-7\r\n", ":x\r\n"})
    void whoeverElseAnswersIsNoRedis(String answer) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Void> answered = CompletableFuture.runAsync(() -> {
                try (Socket client = server.accept()) {
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    client.getInputStream().readAllBytes();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            RedisSettings at = TestRedis.patient("redis://127.0.0.1:" + server.getLocalPort(), "");
            try (RedisConnection plain = PlainRedis.open(at, at.plain().orElseThrow())) {
                assertThatThrownBy(() -> plain.eval("return {1}", List.of(), List.of()))
                        .isInstanceOfSatisfying(
                                RedisException.class,
                                e -> assertThat(RedisError.why(e)).isEqualTo("did not answer as Redis does"));
            }
            answered.join();
        }
    }
}
