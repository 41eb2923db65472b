package org.researchflow.rf.serving;

import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.researchflow.rf.batch.Watermark;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Layout;
import org.researchflow.rf.sql.Sql;

/**
 * What the names of views stand for in one query.
 *
 * @param runner who made them
 * @param bodies the rows of each view
 * @param asOf the moment up to which the rows are complete
 * @param complete whether the rows are all that there are, and of that one moment
 * @param warnings what a reader should know
 */
public record Relations(RunnerName runner, List<Body> bodies, Instant asOf, boolean complete, List<String> warnings) {

    public Relations {
        bodies = List.copyOf(bodies);
        warnings = List.copyOf(warnings);
    }

    /**
     * One view's rows.
     *
     * @param view the view's name
     * @param query gives the rows
     * @param stored whether the rows lie in a table, so that there is nothing to compute once for several uses
     * @param asOf the moment up to which they are complete
     */
    public record Body(String view, String query, boolean stored, Instant asOf) {
        static Body of(KnownView view, String store, Watermark watermark) {
            String columns = view.plan().columns().stream()
                    .map(column -> Identifiers.identifier(column.name()))
                    .collect(Collectors.joining(", "));
            return new Body(view.name(), "select " + columns + "\nfrom " + store, true, watermark.at());
        }
    }

    /** Whether the rows of all views are of one moment, be they all that there are or not. */
    public boolean isOfOneMoment() {
        return bodies.stream().map(Body::asOf).distinct().count() <= 1;
    }

    /** The statement with its views in front: one common table expression each. */
    Sql around(Sql question) {
        StringBuilder text = new StringBuilder("with");
        // Where computed rows are joined, they are computed once: the planner, which knows nothing of their number,
        // might otherwise compute one side anew for each row of the other.
        String computed = bodies.size() > 1 ? " as materialized " : " as ";
        for (int i = 0; i < bodies.size(); i++) {
            Body body = bodies.get(i);
            text.append(i == 0 ? " " : ",\n")
                    .append(Identifiers.identifier(body.view()))
                    .append(body.stored() ? " as not materialized " : computed)
                    .append(Layout.nested(body.query()));
        }
        return new Sql(text.append('\n').append(question.text()).toString(), question.parameters());
    }
}
