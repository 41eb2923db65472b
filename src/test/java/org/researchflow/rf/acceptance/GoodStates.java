package org.researchflow.rf.acceptance;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** What readers of views may find, oldest first: the contents of each view in each state that the source was in. */
final class GoodStates {

    /** What a reader finds where there is no view. */
    static final String ABSENT = "absent";

    private final Set<String> mayBeAbsent;
    private final List<Map<String, String>> states = new CopyOnWriteArrayList<>();
    private volatile int settled;

    GoodStates(List<String> mayBeAbsent) {
        this.mayBeAbsent = Set.copyOf(mayBeAbsent);
    }

    void add(Map<String, String> contents) {
        states.add(Map.copyOf(contents));
    }

    /** All views are in the newest state now: whoever begins to read finds no older one. */
    void settle() {
        settled = states.size() - 1;
    }

    /** The oldest state that somebody may find who begins to read now. */
    int settled() {
        return settled;
    }

    Set<String> views() {
        return states.getFirst().keySet();
    }

    boolean mayBeAbsent(String view) {
        return mayBeAbsent.contains(view);
    }

    /** Whether that is what somebody may find who began to read in that state. */
    boolean isGood(String view, String contents, int since) {
        return contents.equals(ABSENT)
                ? mayBeAbsent(view)
                : states.subList(since, states.size()).stream().anyMatch(state -> contents.equals(state.get(view)));
    }
}
