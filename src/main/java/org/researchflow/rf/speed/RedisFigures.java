package org.researchflow.rf.speed;

import java.util.Map;

/**
 * What Redis tells of itself, for all that it holds.
 *
 * @param memory in bytes
 * @param memoryLimit 0 where there is none
 * @param hits look-ups of keys that were there, since it started
 * @param misses look-ups of keys that were not
 * @param evicted keys that were thrown away for lack of memory
 * @param expired keys whose time was over
 * @param clients connections now
 */
public record RedisFigures(
        long memory, long memoryLimit, long hits, long misses, long evicted, long expired, long clients) {

    static RedisFigures of(Map<String, String> info) {
        return new RedisFigures(
                number(info, "used_memory"),
                number(info, "maxmemory"),
                number(info, "keyspace_hits"),
                number(info, "keyspace_misses"),
                number(info, "evicted_keys"),
                number(info, "expired_keys"),
                number(info, "connected_clients"));
    }

    /** A server that does not tell is as good as one that counts none. */
    private static long number(Map<String, String> info, String name) {
        String text = info.getOrDefault(name, "0");
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }
}
