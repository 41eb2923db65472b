package org.researchflow.rf.serving;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.researchflow.rf.Failure;
import org.researchflow.rf.batch.Catalog;
import org.researchflow.rf.batch.SourceSettings;
import org.researchflow.rf.db.DataError;
import org.researchflow.rf.source.SourceName;
import org.researchflow.rf.source.SourceState;

/**
 * A count in one statement, over the views as they were at the last question. It reads the marks of catalog and database in
 * the snapshot of the rows: are these others, the answer is thrown away.
 *
 * @param remembered of the questions before
 * @param settings that decide rows
 * @param runner of stored rows, or of those merged out of the speed layer; another answers nothing at once
 * @param options how answers are looked for
 */
record AtOnce(Remembered remembered, SourceSettings settings, RunnerName runner, ServingOptions options) {

    /** PostgreSQL's class of errors about what is not there, or is of another type. */
    private static final String OTHERS = "42";

    /**
     * A question over the views as they were.
     *
     * @param of who asked
     * @param settings on the database as it was
     * @param stored what the views' names stand for, where it is the same for each answer
     */
    record Standing(
            AtOnce of, Asked asked, List<KnownView> views, SourceSettings settings, Optional<Relations> stored) {}

    /**
     * What an answer rests on that is given at once.
     *
     * @param text what the mark is, if it still holds
     */
    private record Basis(Asked asked, Relations relations, String text) {}

    /** An answer, and what its mark is. */
    private record Marked<T>(T result, String mark) {

        static <T> Serving.Reader<Marked<T>> reading(Serving.Reader<T> reader) {
            return (rows, relations) -> new Marked<>(reader.read(rows, relations), rows.getString(Asked.MARK));
        }
    }

    /** The answer; empty if the views no longer are what they were, or it takes more than one statement. */
    <T> Optional<Served<Counted<T>>> count(Serving.CountQuestion<T> question, Execution<Counted<T>> execution)
            throws SQLException {
        Optional<Remembered.Seen> seen =
                options.areForStoredRows() ? remembered.last(execution.connection()) : Optional.empty();
        if (seen.isEmpty()) {
            return Optional.empty();
        }
        Optional<Basis> basis = knownBasis(seen.get(), question, execution);
        if (basis.isEmpty()) {
            return Optional.empty();
        }
        try {
            Served<Marked<Counted<T>>> answer = new Execution<>(
                            execution.connection(),
                            Marked.reading(execution.reader()),
                            execution.watcher(),
                            execution.timings())
                    .over(basis.get().asked(), basis.get().relations());
            if (basis.get().text().equals(answer.result().mark())) {
                return Optional.of(new Served<>(answer.result().result(), answer.relations(), answer.timings()));
            }
        } catch (SQLException e) {
            // Views that are others by now; or data, of which the usual way finds out whose.
            if (!String.valueOf(e.getSQLState()).startsWith(OTHERS)
                    && DataError.in(e).isEmpty()) {
                throw e;
            }
        }
        remembered.forget(seen.get());
        return Optional.empty();
    }

    private Optional<Basis> knownBasis(Remembered.Seen seen, Serving.CountQuestion<?> question, Execution<?> execution)
            throws SQLException {
        try {
            return basis(seen, question, execution);
        } catch (Failure e) {
            // It may be about views that are others by now; if not, it will come again.
            return Optional.empty();
        }
    }

    private Optional<Basis> basis(Remembered.Seen seen, Serving.CountQuestion<?> question, Execution<?> execution)
            throws SQLException {
        Standing standing = seen.standing(question, this);
        execution.timings().done("catalog");
        // What FHIR servers told is read beside the catalog.
        if (standing.settings().source() == SourceName.RESOURCES
                || standing.views().isEmpty()) {
            return Optional.empty();
        }
        return switch (runner) {
            case MATERIALIZED ->
                standing.stored().map(relations -> new Basis(standing.asked(), relations, seen.mark()));
            case HYBRID ->
                options.speed() instanceof SpeedSide.Present present
                        ? merged(seen, standing, present, execution)
                        : Optional.empty();
            case POSTGRES, SPEED -> Optional.empty();
        };
    }

    Standing standing(Remembered.Seen seen, Serving.CountQuestion<?> question) {
        SourceSettings here = settings.on(seen.inventory());
        Asked asked = Asked.of(question, seen.views());
        List<KnownView> views = asked.views(seen.views());
        if (runner != RunnerName.MATERIALIZED || views.isEmpty()) {
            return new Standing(this, asked, views, here, Optional.empty());
        }
        Relations stored = new MaterializedRunner(here).relations(views);
        return new Standing(this, asked.marked(Catalog.MARK).over(stored), views, here, Optional.of(stored));
    }

    /** Changes of another database, or of before a failover, are not its own: the mark names these as well. */
    private Optional<Basis> merged(
            Remembered.Seen seen, Standing standing, SpeedSide.Present present, Execution<?> execution)
            throws SQLException {
        SourceState.Place place = remembered.place(execution.connection());
        execution.timings().done("coverage");
        return new HybridRunner(standing.settings(), present, options.freshness())
                .atOnce(place, standing.views(), execution.timings())
                .map(relations -> new Basis(
                        standing.asked().marked("concat(" + Catalog.MARK + ", ' ', " + SourceState.ORIGIN + ")"),
                        relations,
                        seen.mark() + ' ' + place.origin()));
    }
}
