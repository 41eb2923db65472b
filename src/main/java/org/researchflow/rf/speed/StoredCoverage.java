package org.researchflow.rf.speed;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.researchflow.rf.source.TransactionSnapshot;

/**
 * What the poller leaves in Redis beside the changes: what they are complete for. It is the poller's position, too.
 *
 * @param round the name of the round that wrote it
 * @param source what decides how resources look in it
 * @param origin the system, timeline and database whose transactions are counted
 * @param to the snapshot in which the source was read
 * @param asOf everything committed before it is in that snapshot
 * @param written when, by Redis' clock
 * @param holder the service that polls, and until when others leave it to it; empty if none does
 * @param from the oldest transaction of which nothing is missing, for types that have none of their own
 * @param fromByType the same for some types
 * @param counts how many changed resources of each type there are
 * @param rows the views whose rows are kept beside each change of their type
 * @param marks when the source was read in the past: what is older than such a transaction was written before that time
 * @param retries resources whose bodies could not be read, and that are tried again
 */
record StoredCoverage(
        String round,
        String source,
        String origin,
        TransactionSnapshot to,
        Instant asOf,
        Instant written,
        Optional<Holder> holder,
        long from,
        Map<String, Long> fromByType,
        Map<String, Long> counts,
        Set<KeptRows> rows,
        List<Mark> marks,
        List<Retry> retries) {

    /** The layout of what is kept in Redis. */
    private static final String FORMAT = "1";

    /** In place of a coverage: somebody fills the store. */
    static final String FILLING = "filling";

    /** Of each type; written by the script that ends a round. */
    static final String COUNT = "count:";

    private static final String FROM = "from:";

    /** In front of a view whose rows are kept. */
    static final String ROWS = "rows:";

    private static final Set<String> REQUIRED = Set.of("round", "source", "origin", "to", "as_of", "written", "from");

    StoredCoverage {
        fromByType = Map.copyOf(fromByType);
        counts = Map.copyOf(counts);
        rows = Set.copyOf(rows);
        marks = List.copyOf(marks);
        retries = List.copyOf(retries);
    }

    /** A service that polls. */
    record Holder(String name, Instant until) {}

    /** All that was written by transactions older than this one was in the store at that time. */
    record Mark(Instant at, long transaction) {}

    /** A resource to be read again. */
    record Retry(String resourceType, long resId, long transaction) {
        private static Retry parse(String text) {
            String[] parts = text.split("/", -1);
            return new Retry(parts[0], Long.parseLong(parts[1]), Long.parseUnsignedLong(parts[2]));
        }

        private String text() {
            return resourceType + '/' + resId + '/' + Long.toUnsignedString(transaction);
        }
    }

    /** Reads the hash; empty where it holds none that this version of rf can read. */
    static Optional<StoredCoverage> parse(Map<String, String> hash) {
        if (!FORMAT.equals(hash.get("format")) || !hash.keySet().containsAll(REQUIRED)) {
            return Optional.empty();
        }
        Map<String, Long> froms = new HashMap<>();
        Map<String, Long> counts = new HashMap<>();
        Set<KeptRows> rows = new HashSet<>();
        hash.forEach((field, value) -> {
            if (field.startsWith(FROM)) {
                froms.put(field.substring(FROM.length()), Long.parseUnsignedLong(value));
            } else if (field.startsWith(COUNT)) {
                counts.put(field.substring(COUNT.length()), Long.parseLong(value));
            } else if (field.startsWith(ROWS)) {
                rows.add(KeptRows.parse(field.substring(ROWS.length())));
            }
        });
        return Optional.of(new StoredCoverage(
                field(hash, "round"),
                field(hash, "source"),
                field(hash, "origin"),
                TransactionSnapshot.parse(field(hash, "to")),
                Instant.parse(field(hash, "as_of")),
                Instant.parse(field(hash, "written")),
                Optional.ofNullable(hash.get("holder"))
                        .map(name -> new Holder(
                                name, Instant.parse(hash.getOrDefault("held_until", "1970-01-01T00:00:00Z")))),
                Long.parseUnsignedLong(field(hash, "from")),
                froms,
                counts,
                rows,
                items(hash, "marks").stream().map(StoredCoverage::mark).toList(),
                items(hash, "retries").stream().map(Retry::parse).toList()));
    }

    private static String field(Map<String, String> hash, String name) {
        return Objects.requireNonNull(hash.get(name), name);
    }

    private static List<String> items(Map<String, String> hash, String name) {
        String text = hash.getOrDefault(name, "");
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    private static Mark mark(String text) {
        String[] parts = text.split("/", -1);
        return new Mark(Instant.ofEpochMilli(Long.parseLong(parts[0])), Long.parseUnsignedLong(parts[1]));
    }

    /** As {@link #parse} reads it, without the counts. */
    Map<String, String> hash() {
        Map<String, String> hash = new LinkedHashMap<>();
        hash.put("format", FORMAT);
        hash.put("round", round);
        hash.put("source", source);
        hash.put("origin", origin);
        hash.put("to", to.text());
        hash.put("as_of", asOf.toString());
        hash.put("written", written.toString());
        holder.ifPresent(holding -> {
            hash.put("holder", holding.name());
            hash.put("held_until", holding.until().toString());
        });
        hash.put("from", Long.toUnsignedString(from));
        new TreeMap<>(fromByType).forEach((type, id) -> hash.put(FROM + type, Long.toUnsignedString(id)));
        rows.forEach(view -> hash.put(ROWS + view.text(), "kept"));
        hash.put(
                "marks",
                marks.stream()
                        .map(mark -> mark.at().toEpochMilli() + "/" + Long.toUnsignedString(mark.transaction()))
                        .collect(Collectors.joining(",")));
        hash.put("retries", retries.stream().map(Retry::text).collect(Collectors.joining(",")));
        return hash;
    }

    long from(String resourceType) {
        return fromByType.getOrDefault(resourceType, from);
    }

    /** The marks of the next round: one more, unless the last is as good. */
    List<Mark> marksAfter(Duration grain, Instant now) {
        List<Mark> next = new ArrayList<>(marks);
        if (marks.isEmpty() || !marks.getLast().at().plus(grain).isAfter(now)) {
            next.add(new Mark(written, to.oldest()));
        }
        return next;
    }
}
