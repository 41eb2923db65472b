package org.researchflow.rf.cohort;

import static org.researchflow.rf.sql.Identifiers.identifier;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.researchflow.rf.Failure;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.sql.Sql;

/**
 * Columns of a view whose rows are each about one patient.
 *
 * @param view the view
 * @param patient the column that says which
 * @param columns the wanted ones, by name
 */
record PatientRows(ViewShape view, String patient, List<String> columns) {

    private static final Pattern REFERENCE = Pattern.compile(".*\\.getReferenceKey\\(Patient\\)");

    PatientRows {
        columns = List.copyOf(columns);
    }

    /** The first view of patients that has all these columns, or else the first. */
    static ViewShape first(Views views, List<String> columns) {
        List<ViewShape> ofPatients = views.over("Patient")
                .filter(view -> EventSql.KEY.all().in(view).isPresent())
                .toList();
        return ofPatients.stream()
                .filter(view ->
                        columns.stream().allMatch(name -> view.column(name).isPresent()))
                .findFirst()
                .or(() -> ofPatients.stream().findFirst())
                .orElseThrow(() -> Failure.usage("no view holds all patients").note("try", "rf views create-all"));
    }

    static PatientRows of(ViewShape view, List<String> columns) {
        for (String name : columns) {
            if (view.column(name).isEmpty()) {
                throw noColumn(view, name);
            }
        }
        List<Column> about = view.columns().stream()
                .filter(column -> !column.collection())
                .filter(column -> isPatient(view, column.path().orElse("")))
                .toList();
        if (about.size() != 1) {
            throw Failure.usage((about.isEmpty() ? "no column" : "more than one column") + " of " + view.name()
                            + " says which patient a row is about")
                    .note("why", "expected one with a path such as subject.getReferenceKey(Patient)");
        }
        List<String> wanted =
                columns.isEmpty() ? view.columns().stream().map(Column::name).toList() : columns;
        return new PatientRows(view, about.getFirst().name(), wanted);
    }

    private static boolean isPatient(ViewShape view, String path) {
        return REFERENCE.matcher(path).matches()
                || (view.resourceType().equals("Patient") && path.equals("Patient.getResourceKey()"));
    }

    private static Failure noColumn(ViewShape view, String name) {
        List<String> known = view.columns().stream().map(Column::name).toList();
        Failure failure = Failure.usage("no column \"" + Quoted.shown(name) + "\" in " + view.name());
        Suggestion.nearest(name, known)
                .ifPresentOrElse(
                        near -> failure.note("did you mean", near),
                        () -> failure.note("try", "one of " + String.join(", ", known)));
        return failure;
    }

    /** The rows of those patients whose keys a question gives. */
    Question question(Question keys) {
        Map<String, Set<String>> reads = new LinkedHashMap<>(keys.reads());
        Set<String> here = new LinkedHashSet<>(reads.getOrDefault(view.name(), Set.of()));
        here.add(patient);
        here.addAll(columns);
        reads.put(view.name(), here);
        String key = "r." + identifier(patient);
        Sql rows = Clauses.format(
                """
                select %s
                from %s
                where %s in (
                    %s
                )
                order by %s""",
                Clauses.of(key + " as rf_patient, "
                        + columns.stream().map(name -> "r." + identifier(name)).collect(Collectors.joining(", "))),
                Clauses.of(identifier(view.name()) + " as r"),
                Clauses.of(key),
                keys.sql(),
                Clauses.of(key));
        return Question.ofList(reads, rows);
    }
}
