package org.researchflow.rf.source;

import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/** Resources of one type by their internal ids, each with the id (xid8) of the transaction that wrote it. */
public final class WrittenResources {

    private final long[] ids;
    private final long[] transactions;

    WrittenResources(long[] ids, long[] transactions) {
        this.ids = ids;
        this.transactions = transactions;
    }

    /** Transactions by internal ids. */
    public static WrittenResources of(Map<Long, Long> transactions) {
        SortedMap<Long, Long> sorted = new TreeMap<>(transactions);
        return new WrittenResources(
                sorted.keySet().stream().mapToLong(Long::longValue).toArray(),
                sorted.values().stream().mapToLong(Long::longValue).toArray());
    }

    public int size() {
        return ids.length;
    }

    public long[] ids() {
        return ids.clone();
    }

    long[] transactions() {
        return transactions.clone();
    }

    /** Those that were not written by older transactions. */
    public WrittenResources since(long transaction) {
        return where(i -> Long.compareUnsigned(transactions[i], transaction) >= 0);
    }

    public WrittenResources with(LongPredicate id) {
        return where(i -> id.test(ids[i]));
    }

    /** So many of them from there on, or what is left. */
    public WrittenResources part(int start, int length) {
        int end = Math.min(start + length, ids.length);
        return new WrittenResources(Arrays.copyOfRange(ids, start, end), Arrays.copyOfRange(transactions, start, end));
    }

    /** The oldest transaction such that there are no more than so many since; what it wrote is taken whole or not at all. */
    public long lastOf(int most) {
        if (ids.length <= most) {
            throw new IllegalArgumentException("there are " + ids.length);
        }
        // Unsigned order is that of signed numbers with the first bit turned over.
        long[] sorted = Arrays.stream(transactions)
                .map(id -> id ^ Long.MIN_VALUE)
                .sorted()
                .toArray();
        return (sorted[sorted.length - most - 1] ^ Long.MIN_VALUE) + 1;
    }

    private WrittenResources where(IntPredicate kept) {
        int[] indexes = IntStream.range(0, ids.length).filter(kept).toArray();
        return indexes.length == ids.length
                ? this
                : new WrittenResources(
                        Arrays.stream(indexes).mapToLong(i -> ids[i]).toArray(),
                        Arrays.stream(indexes).mapToLong(i -> transactions[i]).toArray());
    }
}
