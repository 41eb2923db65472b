package org.researchflow.rf.speed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link RedisReader} asks of Redis. Every method throws Lettuce's RedisException if there is no answer. */
sealed interface RedisConnection extends AutoCloseable permits RedisSession, PlainRedis {

    /**
     * What a script returns.
     *
     * @return lists in lists, whose items are numbers, or bytes as they came
     */
    List<Object> eval(String script, List<String> keys, List<String> arguments);

    /** Of each of these hashes these fields, of which any may be missing. */
    List<List<@Nullable String>> fields(List<String> hashes, List<String> fields);

    @Override
    void close();
}
