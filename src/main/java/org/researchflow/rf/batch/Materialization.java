package org.researchflow.rf.batch;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.ViewSql;

/**
 * A view's stored rows, as the catalog has them.
 *
 * @param view the view's name
 * @param form what the view is, and how the rows are kept
 * @param number the view's number, from which its stored tables are named
 * @param generation the build that people read
 * @param resourceType what the view is over; a dash for a SQLView
 * @param definition the document as given
 * @param settings the settings under which it was read
 * @param hash of both
 * @param compilerVersion which compiler wrote the SQL
 * @param watermark what the rows are complete for
 * @param reconciliation when they were last compared with all resources
 * @param lastRefreshed when the watermark was set
 * @param lastDuration how long the last run took
 * @param rows how many
 * @param columns how many the view has
 * @param setAside how many live resources have no rows in it, since they cannot be read or break the view's rules
 * @param failed whether the last run failed
 * @param lastError why the last failed run failed
 */
public record Materialization(
        String view,
        Form form,
        long number,
        long generation,
        String resourceType,
        String definition,
        String settings,
        String hash,
        int compilerVersion,
        Watermark watermark,
        Reconciliation reconciliation,
        Instant lastRefreshed,
        Duration lastDuration,
        long rows,
        int columns,
        long setAside,
        boolean failed,
        Optional<String> lastError) {

    /** Whether the rows are those that these settings and this compiler give. */
    public boolean isOf(SourceSettings wanted) {
        return settings.equals(wanted.text()) && compilerVersion == ViewSql.VERSION;
    }

    /**
     * The relation that holds the rows, as SQL text: PostgreSQL's materialized view, or the stored table that people read
     * through the view. That of a ViewDefinition has {@code rf_key} and {@code rf_version}.
     */
    public String store() {
        return form.keyed() ? relation() : Generation.store(number, generation);
    }

    /** What people query, as SQL text. */
    public String relation() {
        return Identifiers.qualified(form.schema(), view);
    }
}
