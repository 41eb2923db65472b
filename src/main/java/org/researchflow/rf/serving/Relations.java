package org.researchflow.rf.serving;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.batch.Feeds;
import org.researchflow.rf.sql.Identifiers;
import org.researchflow.rf.sql.Layout;
import org.researchflow.rf.sql.Sql;

/**
 * What the names of views stand for in one query.
 *
 * @param runner who made them
 * @param bodies the rows of each view
 * @param merge what the bodies are made from, where changes are merged
 * @param extent what the rows are complete for
 * @param newer where what is newer than the stored rows came from
 * @param warnings what a reader should know
 */
public record Relations(
        RunnerName runner,
        List<Body> bodies,
        Optional<Merge> merge,
        Extent extent,
        Newer newer,
        List<String> warnings) {

    public Relations {
        bodies = List.copyOf(bodies);
        warnings = List.copyOf(warnings);
    }

    /** Without changes. */
    Relations(RunnerName runner, List<Body> bodies, Extent extent, List<String> warnings) {
        this(runner, bodies, Optional.empty(), extent, Newer.NONE, warnings);
    }

    /** One view of those that were read, for whoever wants to know where an answer is from. */
    public record ViewUsed(String name, boolean stored, Instant asOf) {}

    public List<ViewUsed> views() {
        return bodies.stream()
                .map(body -> new ViewUsed(body.view(), body.rows().storedIn().isPresent(), body.asOf()))
                .toList();
    }

    public Instant asOf() {
        return extent.asOf();
    }

    public boolean complete() {
        return extent.complete();
    }

    /** Whether nothing has to be computed. */
    boolean areStored() {
        return bodies.stream().allMatch(body -> body.rows() instanceof Rows.Stored);
    }

    /** Whether the next answer can be one of the same kind without reading anything of the source first. */
    boolean mayComeAtOnce() {
        return areStored()
                || (newer.from() == Newer.Place.REDIS
                        && merge.map(changes -> changes.leftOut().isEmpty()).orElse(true));
    }

    Relations warning(List<String> more) {
        List<String> all = new ArrayList<>(more);
        all.addAll(warnings);
        return new Relations(runner, bodies, merge, extent, newer, all);
    }

    /** The same with other rows. */
    Relations with(List<Body> others) {
        return new Relations(runner, others, merge, extent, newer, warnings);
    }

    /** The same where some changes are left out. */
    Relations leavingOut(Merge other, List<String> why) {
        return new Relations(runner, bodies, Optional.of(other), extent, newer, warnings)
                .incomplete()
                .warning(why);
    }

    /** The same where the resources themselves were told by FHIR servers. */
    Relations resting(Feeds.Told told) {
        Relations resting = new Relations(runner, bodies, merge, extent.resting(told), newer, warnings);
        List<String> doubts = new ArrayList<>();
        if (!told.deletions()) {
            doubts.add("the FHIR server does not tell what was deleted: some of it may count");
        }
        if (!told.whole()) {
            doubts.add("the FHIR server told changes that could not be taken, since the last export was loaded");
        }
        return resting.warning(doubts);
    }

    /**
     * The same where some views are read as they were stored.
     *
     * @param moments that those are complete for
     * @param alone whether nothing else is read
     */
    Relations besideStored(Collection<Instant> moments, boolean alone) {
        if (moments.isEmpty()) {
            return this;
        }
        Set<Instant> all = new TreeSet<>(moments);
        if (!alone) {
            all.add(asOf());
        }
        Instant oldest = all.iterator().next();
        return new Relations(
                runner,
                bodies,
                merge,
                new Extent(
                        oldest, complete() && all.size() == 1, extent.oneMoment() && all.size() == 1, extent.overlap()),
                newer,
                warnings);
    }

    Relations incomplete() {
        return new Relations(runner, bodies, merge, extent.incomplete(), newer, warnings);
    }

    /** The statement with its views in front: one common table expression each, after those that they are made from. */
    Sql around(Sql question) {
        List<Cte> all = new ArrayList<>(prelude());
        for (Body body : bodies) {
            all.add(cte(body, body.query()));
        }
        return with(all, question);
    }

    /** How many values in front are those of changes. */
    int changeParameters() {
        return prelude().stream()
                .mapToInt(cte -> cte.query().parameters().size())
                .sum();
    }

    /** The change relations, and the rows that are made from them. */
    List<Cte> prelude() {
        return merge.map(merging -> merging.prelude()).orElse(List.of());
    }

    // Where computed rows are joined, they are computed once: the planner, which knows nothing of their number,
    // might otherwise compute one side anew for each row of the other.
    Cte cte(Body body, String query) {
        return new Cte(
                Identifiers.identifier(body.view()),
                body.rows().stored() ? Cte.INLINE : bodies.size() > 1 ? Cte.ONCE : Cte.AS_PLANNED,
                Sql.of(query));
    }

    /** A statement with common table expressions in front of it. */
    static Sql with(List<Cte> ctes, Sql question) {
        if (ctes.isEmpty()) {
            return question;
        }
        StringBuilder text = new StringBuilder("with ");
        List<@Nullable Object> parameters = new ArrayList<>();
        for (Cte cte : ctes) {
            text.append(parameters.isEmpty() && text.length() == "with ".length() ? "" : ",\n")
                    .append(cte.name())
                    .append(cte.computation())
                    .append(Layout.nested(cte.query().text()));
            parameters.addAll(cte.query().parameters());
        }
        parameters.addAll(question.parameters());
        return new Sql(text.append('\n').append(question.text()).toString(), parameters);
    }
}
