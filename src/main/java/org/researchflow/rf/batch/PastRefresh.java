package org.researchflow.rf.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One refresh of a view that is over.
 *
 * @param at when it ended
 * @param method {@code full}, {@code incremental}, {@code concurrently}, or {@code failed}
 * @param took how long it took, unless it failed
 * @param rows how many there were afterwards, unless it failed
 * @param error why it failed
 */
public record PastRefresh(
        Instant at, String method, Optional<Duration> took, Optional<Long> rows, Optional<String> error) {}
