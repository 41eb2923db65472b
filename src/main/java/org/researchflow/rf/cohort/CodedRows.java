package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.researchflow.rf.sql.Sql;

/**
 * The rows of a view, and which of them a code or a text finds.
 *
 * @param alias what a row is called in SQL
 * @param coding where they have their codes and words
 */
record CodedRows(ViewShape view, String alias, Coding coding, Sources sources) {

    /** The system of an encounter's class, which is not a column but fixed by FHIR. */
    private static final String CLASS_SYSTEM = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    /** The name of the view as SQL. */
    String from() {
        return identifier(view.name()) + " as " + alias;
    }

    String column(Need need) {
        return sources.column(view, alias, need);
    }

    /** The column, read only to join by it. */
    String joined(Need need) {
        return sources.joined(view, alias, need);
    }

    /** Whether the row has one of the codes. */
    Sql carries(List<Code> codes) {
        List<Sql> ways = new ArrayList<>();
        bySystem(codes)
                .forEach((system, ofSystem) -> ways.add(carries(system, column -> Clauses.oneOf(column, ofSystem))));
        for (Code code : reaching(codes)) {
            Hierarchy hierarchy = sources.below(code);
            ways.add(carries(code.system(), column -> DescendantSql.contain(column, code, hierarchy)));
        }
        return Clauses.or(ways);
    }

    /** Those by which codes below them are meant. */
    static List<Code> reaching(List<Code> codes) {
        return codes.stream().filter(code -> code.reach() != Reach.ITSELF).toList();
    }

    /** Whether one of the row's codes, in that system if one is named, passes the test. */
    Sql carries(Optional<String> system, Function<String, Sql> test) {
        List<Need> columns = coding.codes();
        if (system.isEmpty()) {
            return Clauses.or(
                    columns.stream().map(code -> test.apply(column(code))).toList());
        }
        List<Sql> ways = new ArrayList<>();
        ways.add(Clauses.bracketed(Clauses.joined(
                List.of(
                        Clauses.of(column(coding.system()) + " = ?", system.get()),
                        test.apply(column(columns.getLast()))),
                " and ")));
        if (columns.size() > 1 && system.get().equals(CLASS_SYSTEM)) {
            ways.add(test.apply(column(columns.getFirst())));
        }
        return Clauses.or(ways);
    }

    /** The codes of each system, and those whose system is left open; without those that stand for others. */
    static Map<Optional<String>, Set<String>> bySystem(List<Code> codes) {
        Map<Optional<String>, Set<String>> bySystem = new LinkedHashMap<>();
        for (Code code : codes) {
            if (code.reach() != Reach.ITSELF) {
                continue;
            }
            bySystem.computeIfAbsent(code.system(), _ -> new LinkedHashSet<>()).add(code.code());
        }
        return bySystem;
    }

    /** Whether one of the row's texts has all words of the term. */
    Sql says(Term term) {
        return Clauses.or(coding.words().stream()
                .map(words -> says(column(words), term.patterns()))
                .toList());
    }

    /** Word by word: an index of trigrams finds a text by one pattern, and not by an array of them. */
    private static Sql says(String column, List<String> patterns) {
        Sql all = Clauses.joined(
                patterns.stream()
                        .map(pattern -> Clauses.of(column + " ~* ?", pattern))
                        .toList(),
                " and ");
        return patterns.size() == 1 ? all : Clauses.bracketed(all);
    }
}
