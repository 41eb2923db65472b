package org.researchflow.rf.cli;

import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.serving.Counted;
import org.researchflow.rf.serving.Newer;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.Served;
import org.researchflow.rf.serving.Serving;

/** What every answer says of itself: its runner, its moment, its views; and the SQL for whoever asks. */
final class Provenance {

    private final Invocation rf;
    private final SmallCells small;
    private String sql = "";
    private @Nullable Relations last;

    Provenance(Invocation rf) {
        this(rf, SmallCells.TOLD);
    }

    Provenance(Invocation rf, SmallCells small) {
        this.rf = rf;
        this.small = small;
    }

    /** Makes a running statement stoppable by Ctrl-C, and keeps its text. */
    Serving.Watch watch(PreparedStatement statement) {
        // The driver's text has the parameters in their places, so that it can be run as it is.
        sql = String.valueOf(statement);
        rf.messages().detail(() -> sql);
        Cancellation.Registration registration = rf.cancellation().register(statement);
        return registration::close;
    }

    String sql() {
        return sql;
    }

    /** The members of the JSON document that say where an answer comes from. */
    Map<String, @Nullable Object> members(Relations relations) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        members.put("complete", relations.complete());
        members.put("asOf", relations.asOf());
        members.put("runner", word(relations));
        members.put("speed", speed(relations.newer()));
        members.put(
                "proof",
                relations
                        .extent()
                        .overlap()
                        .map(overlap -> "overlap " + TimeText.brief(overlap))
                        .orElse("snapshot"));
        members.put("views", views(relations));
        members.put("warnings", relations.warnings());
        return members;
    }

    private Map<String, @Nullable Object> speed(Newer newer) {
        Map<String, @Nullable Object> speed = new LinkedHashMap<>();
        speed.put("from", newer.from().toString());
        speed.put("changes", small.hides(newer.changes()) ? null : newer.changes());
        return speed;
    }

    private List<Map<String, @Nullable Object>> views(Relations relations) {
        Instant now = rf.clock().instant();
        List<Map<String, @Nullable Object>> views = new ArrayList<>();
        for (Relations.ViewUsed used : relations.views()) {
            Map<String, @Nullable Object> view = new LinkedHashMap<>();
            view.put("name", used.name());
            view.put("materialized", used.stored());
            view.put("watermark", used.asOf());
            long seconds = Math.max(0, Duration.between(used.asOf(), now).toSeconds());
            view.put("stalenessHours", Math.round(seconds / 360.0) / 10.0);
            views.add(view);
        }
        return views;
    }

    /** The sides, if none of their numbers is small, nor that of those who stayed, nor the count. */
    static Optional<Counted.Sides> told(Optional<Counted.Sides> sides, long count, SmallCells small) {
        return sides.filter(all -> !small.hides(count)
                && !small.hides(all.batch())
                && !small.hides(all.speed())
                && !small.hides(all.superseded())
                && !small.hides(all.batch(), all.superseded()));
    }

    /** Where the patients of a count come from. */
    static Map<String, Object> counts(Counted.Sides sides) {
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("batch", sides.batch());
        counts.put("speed", sides.speed());
        counts.put("superseded", sides.superseded());
        return counts;
    }

    /** Those of the last answer. */
    Relations relations() {
        return Optional.ofNullable(last).orElseThrow();
    }

    /** What each step took, for {@code -v}. */
    void timed(Map<String, Double> timings) {
        rf.messages()
                .detail(() -> timings.entrySet().stream()
                        .map(step -> String.format(Locale.ROOT, "%s %.1f ms", step.getKey(), step.getValue()))
                        .collect(Collectors.joining(", ")));
    }

    void warn(Relations relations) {
        last = relations;
        relations.warnings().forEach(rf.messages()::warning);
    }

    /** The lines below a count that say which patients are newer than the views, where any are. */
    String sides(Relations relations, Optional<Counted.Sides> sides, int width) {
        if (sides.isEmpty() || sides.get().speed() + sides.get().superseded() == 0) {
            return "";
        }
        Wording wording = rf.output().wording();
        Counted.Sides found = sides.get();
        Instant oldest = relations.views().stream()
                .map(Relations.ViewUsed::asOf)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        String place = relations.newer().from() == Newer.Place.REDIS ? "the speed layer" : "the server's tables";
        return line(
                        "  in the views, as of " + wording.time(oldest)
                                + (wording.exact() ? "" : " (" + wording.age(oldest) + ")"),
                        wording.count(found.batch()),
                        width)
                + line("  newer, from " + place, "+" + wording.count(found.speed()), width)
                + (found.superseded() == 0
                        ? ""
                        : line("  no longer in the cohort", "-" + wording.count(found.superseded()), width));
    }

    private static String line(String left, String right, int width) {
        int gap = Math.max(2, width - DisplayWidth.of(left) - DisplayWidth.of(right));
        return left + " ".repeat(gap) + right + "\n";
    }

    /** The line below an answer. */
    String line(Relations relations, double milliseconds) {
        Wording wording = rf.output().wording();
        return extent(relations)
                + wording.time(relations.asOf()) + " · " + word(relations) + " · "
                + String.format(Locale.ROOT, "%.1f ms", milliseconds);
    }

    /** The same, with the time that it took. */
    String line(Served<?> answer) {
        return line(
                answer.relations(),
                answer.timings().values().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum());
    }

    private static String extent(Relations relations) {
        if (relations.complete()) {
            return relations
                    .extent()
                    .overlap()
                    .map(overlap -> "complete, if nothing appears later than " + TimeText.brief(overlap) + ", as of ")
                    .orElse("complete as of ");
        }
        return relations.extent().oneMoment() ? "INCOMPLETE as of " : "not of one moment; the oldest rows are of ";
    }

    private static String word(Relations relations) {
        return relations.runner().name().toLowerCase(Locale.ROOT);
    }
}
