package org.researchflow.rf.source;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.researchflow.rf.sql.Identifiers;

/**
 * The resources of some types that may have changed since a moment, found in one scan of their table by the
 * transactions that wrote its rows. Commit order alone is to be trusted: HAPI's {@code res_updated} is the time at which
 * a request began, and rows appear long after others with a later one.
 *
 * <p>A row may be new since a snapshot when the id of its transaction is not below the snapshot's oldest one. That is
 * a superset, which a writer that stays open for long enlarges: what was seen already is simply read again. (Whether
 * an id is visible in the snapshot would be a sharper question, but a snapshot does not list subtransactions.)
 */
public final class Sweep {

    /** Ids further away than this can't be told from later ones: PostgreSQL compares 32 bits of them. */
    public static final long COMPARABLE = 2_000_000_000L;

    /** More than this is not held in memory; whoever has that many changes builds anew. */
    private static final int MOST = 2_000_000;

    private static final int ROOM = 100_000_000;
    private static final int FETCH_SIZE = 10_000;

    private final Map<String, Changes> changes;

    private Sweep(Map<String, Changes> changes) {
        this.changes = changes;
    }

    /** Whether a sweep can tell what was written since that transaction. */
    public static boolean reaches(SourceState now, long oldestTransaction) {
        return now.tracksTransactions()
                && oldestTransaction <= now.nextTransaction()
                && now.nextTransaction() - oldestTransaction < COMPARABLE;
    }

    /**
     * How many ids ago that transaction's was given; the same scale as a sweep uses, as long as both happen
     * in one transaction.
     */
    public static int age(Connection connection, long transaction) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select age(?::xid8::xid)")) {
            statement.setString(1, Long.toUnsignedString(transaction));
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getInt(1);
            }
        }
    }

    /**
     * Scans once, inside of a transaction; empty when there are too many changes to hold.
     *
     * @param table of the resources, as SQL text
     * @param type its column of resource types
     * @param id its column of internal ids
     * @param age of the oldest transaction of interest
     */
    static Optional<Sweep> of(
            Connection connection, String table, String type, String id, Collection<String> resourceTypes, int age)
            throws SQLException {
        Array types = connection.createArrayOf("text", resourceTypes.toArray());
        try {
            return of(connection, table, type, id, Optional.of(types), age);
        } finally {
            types.free();
        }
    }

    /** Scans once for resources of all types. */
    static Optional<Sweep> ofAll(Connection connection, String table, String type, String id, int age)
            throws SQLException {
        return of(connection, table, type, id, Optional.empty(), age);
    }

    private static Optional<Sweep> of(
            Connection connection, String table, String type, String id, Optional<Array> types, int age)
            throws SQLException {
        Map<String, Changes> found = new HashMap<>();
        int count = 0;
        // A server gives the same ids again after four billion. Rows frozen before that look as if they had been
        // written later than now, which nothing can have been: they are none of the changes. Some room is left for
        // what a session takes for now.
        // Asked for its age alone, a row is not taken apart, which is most of the work; an offset keeps the conditions
        // apart.
        try (PreparedStatement statement = connection.prepareStatement(
                """
                select type, id, age
                  from (select %s as type, %s as id, age(xmin) as age from %s where age(xmin) <= ? and age(xmin) > %d offset 0) written
                 where %s
                """.formatted(type, id, table, -ROOM, types.isPresent() ? "type = any (?)" : "true"))) {
            statement.setFetchSize(FETCH_SIZE);
            statement.setInt(1, age);
            if (types.isPresent()) {
                statement.setArray(2, types.get());
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    if (++count > MOST) {
                        return Optional.empty();
                    }
                    found.computeIfAbsent(row.getString(1), _ -> new Changes()).add(row.getLong(2), row.getInt(3));
                }
            }
        }
        return Optional.of(new Sweep(found));
    }

    /**
     * A query of what a sweep would find, as {@code (res_id bigint)}.
     *
     * @param age of the oldest transaction of interest, as SQL text
     */
    static String query(String table, String type, String id, String resourceType, String age) {
        return """
                select written.res_id
                  from (select %s as type, %s as res_id
                          from %s
                         where age(xmin) <= %s and age(xmin) > %d
                        offset '0') written
                 where written.type = %s""".formatted(type, id, table, age, -ROOM, Identifiers.literal(resourceType));
    }

    /** The types of which something was found. */
    public Set<String> types() {
        return new TreeSet<>(changes.keySet());
    }

    /** All of a type's resources that were found in a transaction that sees this. */
    public WrittenResources written(String resourceType, SourceMoment moment) {
        Changes found = changes.getOrDefault(resourceType, new Changes());
        long[] transactions = new long[found.size];
        Arrays.setAll(transactions, i -> moment.transaction(found.ages[i]));
        return new WrittenResources(Arrays.copyOf(found.ids, found.size), transactions);
    }

    /** The internal ids of a type's resources that were written by a transaction of at most this age. */
    public long[] changed(String resourceType, int age) {
        return changes.getOrDefault(resourceType, new Changes()).upTo(age);
    }

    /** A growing list of resources with the ages of their transactions. */
    private static final class Changes {
        private long[] ids = new long[16];
        private int[] ages = new int[16];
        private int size;

        void add(long id, int age) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, 2 * size);
                ages = Arrays.copyOf(ages, 2 * size);
            }
            ids[size] = id;
            ages[size++] = age;
        }

        long[] upTo(int age) {
            long[] found = new long[size];
            int count = 0;
            for (int i = 0; i < size; i++) {
                if (ages[i] <= age) {
                    found[count++] = ids[i];
                }
            }
            return Arrays.copyOf(found, count);
        }
    }
}
