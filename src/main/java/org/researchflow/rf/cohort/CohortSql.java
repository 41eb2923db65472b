package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.Criterion.Condition;
import org.researchflow.rf.cohort.Criterion.Gender;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.sql.Sql;

/**
 * A cohort into SQL over views. A criterion finds its view and its columns by where they come from in the resource,
 * not by their names, so that anybody's views will do; of several views that would, the first in the list is taken.
 */
public final class CohortSql {

    private static final String RESOURCE_KEY = "getResourceKey()";

    private final List<ViewShape> views;
    private final Set<String> used = new LinkedHashSet<>();
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();

    private CohortSql(List<ViewShape> views) {
        this.views = views;
    }

    /** How many patients the cohort has: one row, one number. */
    public static Question count(Cohort cohort, List<ViewShape> views) {
        return new CohortSql(views).question(cohort, "count(distinct p.%s)", "");
    }

    /** The keys of the cohort's patients, one a row, in order. */
    public static Question ids(Cohort cohort, List<ViewShape> views) {
        return new CohortSql(views).question(cohort, "distinct p.%s as patient_id", "\norder by patient_id");
    }

    private Question question(Cohort cohort, String result, String order) {
        Optional<Gender> gender = cohort.criteria().stream()
                .filter(Gender.class::isInstance)
                .map(Gender.class::cast)
                .findFirst();
        ViewShape patients = patients(gender.isPresent());
        String key = identifier(keyOf(patients).name());
        used.add(patients.name());
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
        return new Question(List.copyOf(used), new Sql(text, List.copyOf(parameters)));
    }

    private ViewShape patients(boolean withGender) {
        return views.stream()
                .filter(view -> view.resourceType().equals("Patient"))
                .filter(view -> view.at(RESOURCE_KEY, "id").isPresent())
                .filter(view -> !withGender || view.at("gender").isPresent())
                .findFirst()
                .orElseThrow(() -> noView("Patient", withGender ? "getResourceKey() and gender" : RESOURCE_KEY));
    }

    private static Column keyOf(ViewShape patients) {
        return patients.at(RESOURCE_KEY, "id").orElseThrow();
    }

    private String gender(ViewShape patients, List<String> genders) {
        Column column = patients.at("gender").orElseThrow();
        parameters.add(genders.toArray(String[]::new));
        return "p." + identifier(column.name()) + " = any (cast(? as text[]))";
    }

    private String condition(Condition condition, String patientKey) {
        boolean needsSystem = !condition.ofOneSystem().isEmpty();
        ViewShape view = views.stream()
                .filter(candidate -> candidate.resourceType().equals("Condition"))
                .filter(candidate -> patientOf(candidate).isPresent())
                .filter(candidate -> candidate.at("code.coding.code").isPresent())
                .filter(candidate ->
                        !needsSystem || candidate.at("code.coding.system").isPresent())
                .findFirst()
                .orElseThrow(() -> noView(
                        "Condition",
                        "subject.getReferenceKey(Patient), code.coding.code" + (needsSystem ? " and its system" : "")));
        used.add(view.name());
        return """
                exists (
                    select
                    from %s as c
                    where c.%s = p.%s
                      and %s
                )""".formatted(
                        identifier(view.name()),
                        identifier(patientOf(view).orElseThrow().name()),
                        patientKey,
                        codes(condition, view))
                .indent(2)
                .strip();
    }

    private static Optional<Column> patientOf(ViewShape view) {
        return view.at("subject.getReferenceKey(Patient)", "subject.getReferenceKey()");
    }

    private String codes(Condition condition, ViewShape view) {
        String code =
                "c." + identifier(view.at("code.coding.code").orElseThrow().name());
        List<String> alternatives = new ArrayList<>();
        if (!condition.ofAnySystem().isEmpty()) {
            parameters.add(condition.ofAnySystem().toArray(String[]::new));
            alternatives.add(code + " = any (cast(? as text[]))");
        }
        for (Code one : condition.ofOneSystem()) {
            String system = "c."
                    + identifier(view.at("code.coding.system").orElseThrow().name());
            parameters.add(one.system().orElseThrow());
            parameters.add(one.code());
            alternatives.add("(" + system + " = ? and " + code + " = ?)");
        }
        return alternatives.size() == 1 ? alternatives.getFirst() : "(" + String.join(" or ", alternatives) + ")";
    }

    private static Failure noView(String resourceType, String columns) {
        return Failure.usage("no view carries what the question needs of " + resourceType)
                .note("why", "expected a view of " + resourceType + " with columns for " + columns)
                .note("try", "rf views create-all");
    }
}
