package org.researchflow.rf.cohort;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Several criteria as one.
 *
 * @param kind how many of them must be met
 * @param members in the order in which they were asked for
 */
public record Group(Kind kind, List<Criterion> members) implements Criterion {

    /** How many members of a group must be met. */
    public enum Kind {
        /** Each: an empty group is met by everybody. */
        ALL,
        /** At least one: an empty group is met by nobody. */
        ANY,
        /** Not one: an empty group is met by everybody. */
        NONE
    }

    public Group {
        members = List.copyOf(members);
    }

    public static Group all(Criterion... members) {
        return new Group(Kind.ALL, List.of(members));
    }

    public static Group any(Criterion... members) {
        return new Group(Kind.ANY, List.of(members));
    }

    public static Group none(Criterion... members) {
        return new Group(Kind.NONE, List.of(members));
    }

    @Override
    public String inWords() {
        return switch (kind) {
            case ALL -> members.isEmpty() ? "all patients" : joined(" and ");
            case ANY -> members.isEmpty() ? "nobody" : joined(" or ");
            case NONE ->
                members.isEmpty() ? "all patients" : isSimple() ? "not " + joined("") : "not (" + joined(" or ") + ")";
        };
    }

    private boolean isSimple() {
        return members.size() == 1
                && !(members.getFirst() instanceof Group)
                && !members.getFirst().inWords().contains(" or ");
    }

    private String joined(String word) {
        boolean alone = members.size() == 1;
        return members.stream()
                .map(member -> member instanceof Group(Kind inner, List<Criterion> _) && inner != Kind.NONE && !alone
                        ? "(" + member.inWords() + ")"
                        : member.inWords())
                .collect(Collectors.joining(word));
    }
}
