package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;
import org.researchflow.rf.plan.Column;

/** Finds the views and columns that a question needs, and keeps what it took. */
final class Sources {

    private final Views views;
    private final Map<String, Set<String>> reads = new LinkedHashMap<>();
    private final Map<String, Set<String>> noted = new LinkedHashMap<>();
    private final Map<String, Set<String>> passedOver = new LinkedHashMap<>();

    Sources(Views views) {
        this.views = views;
    }

    /** The columns read so far, by view. */
    Map<String, Set<String>> reads() {
        return reads;
    }

    /** The views read since this was last asked. */
    List<Source> newlyRead() {
        List<Source> sources = new ArrayList<>();
        noted.forEach((view, columns) -> sources.add(new Source(view, List.copyOf(columns), true)));
        passedOver.keySet().removeAll(noted.keySet());
        passedOver.forEach((view, columns) -> sources.add(new Source(view, List.copyOf(columns), false)));
        noted.clear();
        passedOver.clear();
        return sources;
    }

    /**
     * The first view of the type that has all these columns.
     *
     * @param what is asked, for a message
     * @throws Failure if there is none
     */
    ViewShape view(String resourceType, Collection<Need> needs, String what) {
        notePassedOver(resourceType, needs, needs);
        return fitting(resourceType, needs)
                .findFirst()
                .orElseThrow(() -> Failure.usage(
                                "no view carries what \"" + Quoted.shown(what) + "\" needs of " + resourceType)
                        .note(
                                "why",
                                "expected a view of every " + resourceType + " with columns for "
                                        + needs.stream().map(Need::toString).collect(Collectors.joining(", ")))
                        .note("try", "rf views create-all"));
    }

    /** The first view of the type that has these codes and all these columns, if there is one. */
    Optional<ViewShape> viewIfAny(String resourceType, Coding coding, Collection<Need> others) {
        List<Need> needs = new ArrayList<>(others);
        needs.add(coding.system());
        needs.addAll(coding.codes());
        needs.addAll(coding.words());
        notePassedOver(resourceType, needs, coding.codes());
        return fitting(resourceType, needs).findFirst();
    }

    /** Views in front of the one that is taken, which have some of what tells them, but lack a part of what is needed. */
    private void notePassedOver(String resourceType, Collection<Need> needs, Collection<Need> telling) {
        views.over(resourceType)
                .takeWhile(view -> needs.stream().anyMatch(need -> need.in(view).isEmpty()))
                .filter(view -> telling.stream().anyMatch(need -> need.in(view).isPresent()))
                .forEach(view -> passedOver
                        .computeIfAbsent(view.name(), _ -> new LinkedHashSet<>())
                        .addAll(needs.stream()
                                .filter(need -> need.in(view).isEmpty())
                                .map(Need::toString)
                                .toList()));
    }

    Stream<ViewShape> fitting(String resourceType, Collection<Need> needs) {
        return views.over(resourceType)
                .filter(view -> needs.stream().allMatch(need -> need.in(view).isPresent()));
    }

    /** The column as SQL, noted as one that serves the criterion at hand. */
    String column(ViewShape view, String alias, Need need) {
        Column column = need.in(view).orElseThrow();
        noted.computeIfAbsent(view.name(), _ -> new LinkedHashSet<>())
                .add(column.name() + " = " + column.path().orElse(""));
        return joined(view, alias, need);
    }

    /** Where the codes below that one are found, noted as what serves the criterion at hand. */
    Hierarchy below(Code code) {
        Hierarchy hierarchy = views.below(code);
        noted.computeIfAbsent("code_hierarchy", _ -> new LinkedHashSet<>())
                .add(code + " = " + hierarchy.codes() + (hierarchy.codes() == 1 ? " code of " : " codes of ")
                        + hierarchy.system());
        return hierarchy;
    }

    /** The column as SQL, read only to join by it. */
    String joined(ViewShape view, String alias, Need need) {
        String name = need.in(view).orElseThrow().name();
        reads.computeIfAbsent(view.name(), _ -> new LinkedHashSet<>()).add(name);
        return alias + "." + identifier(name);
    }
}
