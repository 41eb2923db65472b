package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.Criterion.Condition;
import org.researchflow.rf.cohort.Criterion.Gender;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.sql.Sql;

/**
 * A cohort into SQL over views. A criterion finds its view and its columns by where they come from in the resource,
 * not by their names, so that anybody's views will do, as long as they leave nothing out; of several that would do, the
 * first is taken.
 */
public final class CohortSql {

    private static final String RESOURCE_KEY = "getResourceKey()";
    private static final String PATIENT = "subject.getReferenceKey(Patient)";
    private static final String CODE = "code.coding.code";
    private static final String SYSTEM = "code.coding.system";

    private final Views views;
    private final Map<String, Set<String>> reads = new LinkedHashMap<>();
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();

    private CohortSql(Views views) {
        this.views = views;
    }

    /** How many patients the cohort has: one row, one number. */
    public static Question count(Cohort cohort, Views views) {
        return new CohortSql(views).question(cohort, "count(distinct p.%s)", "");
    }

    /** The keys of the cohort's patients, one a row, in order. */
    public static Question ids(Cohort cohort, Views views) {
        return new CohortSql(views).question(cohort, "distinct p.%s as patient_id", "\norder by patient_id");
    }

    /** The codes of a criterion that no row carries, one a row: whoever asked for them may have mistyped. */
    public static Question codesNotCarried(Condition condition, Views views) {
        return new CohortSql(views).notCarried(condition);
    }

    private Question notCarried(Condition condition) {
        ViewShape view = conditions(condition);
        List<String> questions = new ArrayList<>();
        for (Code code : condition.codes()) {
            parameters.add(code.toString());
            questions.add("select cast(? as text) as code\nwhere not exists (select from " + identifier(view.name())
                    + " as c where " + codes(new Condition(List.of(code)), view) + ")");
        }
        return new Question(reads, new Sql(String.join("\nunion all\n", questions), List.copyOf(parameters)));
    }

    private Question question(Cohort cohort, String result, String order) {
        Optional<Gender> gender = cohort.criteria().stream()
                .filter(Gender.class::isInstance)
                .map(Gender.class::cast)
                .findFirst();
        ViewShape patients = patients(gender.isPresent());
        String key = read(patients, patients.allOf(RESOURCE_KEY));
        for (Criterion criterion : cohort.criteria()) {
            conditions.add(
                    switch (criterion) {
                        case Gender(List<String> genders) -> gender(patients, genders);
                        case Condition condition -> condition(condition, key);
                    });
        }
        String where = conditions.isEmpty() ? "" : "\nwhere " + String.join("\n  and ", conditions);
        String text = "select " + String.format(Locale.ROOT, result, key) + "\nfrom " + identifier(patients.name())
                + " as p" + where + order;
        return new Question(reads, new Sql(text, List.copyOf(parameters)));
    }

    /** The column as SQL, noted as one that is read. */
    private String read(ViewShape view, Optional<Column> column) {
        String name = column.orElseThrow().name();
        reads.computeIfAbsent(view.name(), _ -> new LinkedHashSet<>()).add(name);
        return identifier(name);
    }

    private ViewShape patients(boolean withGender) {
        return views.over("Patient")
                .filter(view -> view.allOf(RESOURCE_KEY).isPresent())
                .filter(view -> !withGender || view.at("gender").isPresent())
                .findFirst()
                .orElseThrow(() -> noView("Patient", withGender ? "getResourceKey() and gender" : RESOURCE_KEY));
    }

    private String gender(ViewShape patients, List<String> genders) {
        parameters.add(genders.toArray(String[]::new));
        return "p." + read(patients, patients.at("gender")) + " = any (cast(? as text[]))";
    }

    private String condition(Condition condition, String patientKey) {
        ViewShape view = conditions(condition);
        return """
                exists (
                    select
                    from %s as c
                    where c.%s = p.%s
                      and %s
                )""".formatted(identifier(view.name()), read(view, view.at(PATIENT)), patientKey, codes(condition, view))
                .indent(2)
                .strip();
    }

    private ViewShape conditions(Condition condition) {
        boolean needsSystem = !condition.ofOneSystem().isEmpty();
        return views.over("Condition")
                .filter(candidate -> candidate.at(PATIENT).isPresent())
                .filter(candidate -> candidate.allOf(CODE).isPresent())
                .filter(candidate -> !needsSystem || candidate.at(SYSTEM).isPresent())
                .findFirst()
                .orElseThrow(() ->
                        noView("Condition", PATIENT + (needsSystem ? ", " + CODE + " and " + SYSTEM : " and " + CODE)));
    }

    private String codes(Condition condition, ViewShape view) {
        String code = "c." + read(view, view.at(CODE));
        List<String> alternatives = new ArrayList<>();
        if (!condition.ofAnySystem().isEmpty()) {
            parameters.add(condition.ofAnySystem().toArray(String[]::new));
            alternatives.add(code + " = any (cast(? as text[]))");
        }
        for (Code one : condition.ofOneSystem()) {
            parameters.add(one.system().orElseThrow());
            parameters.add(one.code());
            alternatives.add("(c." + read(view, view.at(SYSTEM)) + " = ? and " + code + " = ?)");
        }
        return alternatives.size() == 1 ? alternatives.getFirst() : "(" + String.join(" or ", alternatives) + ")";
    }

    private static Failure noView(String resourceType, String columns) {
        return Failure.usage("no view carries what the question needs of " + resourceType)
                .note("why", "expected a view of every " + resourceType + " with columns for " + columns)
                .note("try", "rf views create-all");
    }
}
