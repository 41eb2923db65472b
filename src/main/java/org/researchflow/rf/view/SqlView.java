package org.researchflow.rf.view;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A SQLView: a table that a statement makes, for people and other views to read.
 *
 * @param url its canonical URL
 * @param storage how its rows are kept
 * @param upkeep when they are to be refreshed, and what is worth a warning
 * @param columns what columns mean, in the author's words
 */
public record SqlView(
        String name,
        Optional<String> url,
        Optional<String> description,
        SqlText sql,
        List<Dependency> dependsOn,
        Storage storage,
        Upkeep upkeep,
        Map<String, String> columns,
        SourceText source)
        implements View, SqlLibrary {

    /**
     * How the rows of a view are kept.
     *
     * @param schema in which people find it
     * @param uniqueKey the columns by which rows are told apart; none, and it is kept as full generations
     * @param indexes further ones, each on some columns
     */
    public record Storage(String schema, List<String> uniqueKey, List<List<String>> indexes) {

        /** Where a document does not say. */
        public static final Storage STANDARD = new Storage("sqlonfhir", List.of(), List.of());

        public Storage {
            uniqueKey = List.copyOf(uniqueKey);
            indexes = indexes.stream().map(List::copyOf).toList();
        }

        /** Whether PostgreSQL can refresh it while people read. */
        public boolean keyed() {
            return !uniqueKey.isEmpty();
        }
    }

    /**
     * When a view is to be refreshed, and what is worth a warning.
     *
     * @param refreshInterval how old it may be
     * @param longestRefresh how long a refresh may take
     * @param largestMegabytes how large it may be
     */
    public record Upkeep(
            Optional<Duration> refreshInterval, Optional<Duration> longestRefresh, Optional<Long> largestMegabytes) {

        /** Where a document does not say. */
        public static final Upkeep STANDARD = new Upkeep(Optional.empty(), Optional.empty(), Optional.empty());
    }

    public SqlView {
        dependsOn = List.copyOf(dependsOn);
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
    }
}
