package org.researchflow.rf.source;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which transactions a reader sees, as PostgreSQL's {@code pg_snapshot} tells it.
 *
 * <p>Subtransactions are not listed among those in progress: whether one of their rows is seen can't be told from its
 * id, so that rows are compared with {@link #oldest()} alone.
 *
 * @param oldest the id (xid8) below which every transaction has ended
 * @param next the first id that was not given yet
 * @param inProgress the ids in between that had not ended
 */
public record TransactionSnapshot(long oldest, long next, Set<Long> inProgress) {

    public TransactionSnapshot {
        inProgress = Set.copyOf(inProgress);
    }

    /** Reads {@code xmin:xmax:xip,xip}. */
    public static TransactionSnapshot parse(String text) {
        String[] parts = text.split(":", -1);
        return new TransactionSnapshot(
                Long.parseUnsignedLong(parts[0]),
                Long.parseUnsignedLong(parts[1]),
                Arrays.stream(parts[2].split(","))
                        .filter(id -> !id.isEmpty())
                        .map(Long::parseUnsignedLong)
                        .collect(Collectors.toSet()));
    }

    /** As {@link #parse} reads it. */
    public String text() {
        return Long.toUnsignedString(oldest)
                + ':'
                + Long.toUnsignedString(next)
                + ':'
                + inProgress.stream()
                        .sorted(Long::compareUnsigned)
                        .map(Long::toUnsignedString)
                        .collect(Collectors.joining(","));
    }

    /** Whether what that transaction committed is seen. */
    public boolean sees(long transaction) {
        return Long.compareUnsigned(transaction, oldest) < 0
                || (Long.compareUnsigned(transaction, next) < 0 && !inProgress.contains(transaction));
    }

    /** Whether everything that another reader sees is seen here too. */
    public boolean seesAllOf(TransactionSnapshot other) {
        return Long.compareUnsigned(next, other.next) >= 0
                && inProgress.stream().noneMatch(other::sees);
    }
}
