package org.researchflow.rf.cohort;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.researchflow.rf.Failure;

/**
 * A set of patients: those that meet a criterion.
 *
 * @param root which they meet; one that is made of several, as a rule
 */
public record Cohort(Group root) {

    /** Those that meet all of these; none at all means every patient. */
    public static Cohort all(List<Criterion> criteria) {
        return new Cohort(new Group(Group.Kind.ALL, criteria));
    }

    /** Those who belong to both. */
    public Cohort and(Cohort other) {
        return all(Stream.concat(steps().stream(), other.steps().stream()).toList());
    }

    /** The cohort in words. */
    public String inWords() {
        return root.inWords();
    }

    /** The kinds of its criteria, without any value: no text or date that could tell of a person. */
    public String outline() {
        return steps().isEmpty()
                ? "all patients"
                : steps().stream().map(Cohort::outline).collect(Collectors.joining(" and "));
    }

    private static String outline(Criterion criterion) {
        return switch (criterion) {
            case Group(Group.Kind kind, List<Criterion> members) ->
                kind.name().toLowerCase(Locale.ROOT)
                        + members.stream().map(Cohort::outline).collect(Collectors.joining(", ", "(", ")"));
            case Gender _ -> "gender";
            case Age _ -> "age";
            case BirthDate _ -> "date of birth";
            case Deceased _ -> "deceased";
            case Event event ->
                event.type().word()
                        + (event.codes().isEmpty() ? "" : " by code")
                        + (event.terms().isEmpty() ? "" : " by text");
        };
    }

    /** The codes that stand for those below them. */
    public List<Code> reaching() {
        List<Code> codes = new ArrayList<>();
        visit(root, criterion -> {
            if (criterion instanceof Event event) {
                codes.addAll(CodedRows.reaching(event.codes()));
            }
        });
        return codes.stream().distinct().toList();
    }

    /**
     * The day of which all its ages are; nothing if it names no age.
     *
     * @throws Failure if they are of several days
     */
    public Optional<LocalDate> day() {
        Set<LocalDate> days = new TreeSet<>();
        visit(root, criterion -> {
            if (criterion instanceof Age age) {
                days.add(age.at());
            }
        });
        if (days.size() > 1) {
            throw Failure.usage("the ages of the cohort are of several days, and so --by age-band could be of any")
                    .note("why", days.stream().map(LocalDate::toString).collect(Collectors.joining(", ")))
                    .note("try", "--by age-band --at " + days.iterator().next());
        }
        return days.stream().findFirst();
    }

    private static void visit(Criterion criterion, Consumer<Criterion> visitor) {
        visitor.accept(criterion);
        if (criterion instanceof Group group) {
            group.members().forEach(member -> visit(member, visitor));
        }
    }

    /** The criteria one after the other, each of which must be met: what leaves how many patients. */
    List<Criterion> steps() {
        return root.kind() == Group.Kind.ALL ? root.members() : List.of(root);
    }
}
