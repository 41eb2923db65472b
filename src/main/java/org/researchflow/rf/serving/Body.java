package org.researchflow.rf.serving;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.sql.Identifiers;

/**
 * One view's rows in a query.
 *
 * @param view the view's name
 * @param columns the wanted ones, as SQL text
 * @param patient the column that says which patient a row is about, as SQL text, if exactly one does
 * @param rows where they come from
 * @param asOf the moment up to which they are complete; of merged ones, up to which the stored ones were
 */
record Body(String view, String columns, Optional<String> patient, Rows rows, Instant asOf) {

    private static final Pattern PATIENT = Pattern.compile(".*\\.getReferenceKey\\(Patient\\)");

    static Body of(KnownView view, Rows rows, Instant asOf) {
        return new Body(view.name(), columns(view), patient(view.plan()), rows, asOf);
    }

    /** The wanted columns of a view, as SQL text. */
    static String columns(KnownView view) {
        return view.plan().columns().stream()
                .map(column -> Identifiers.identifier(column.name()))
                .collect(Collectors.joining(", "));
    }

    private static Optional<String> patient(ViewPlan plan) {
        List<Column> about = plan.columns().stream()
                .filter(column -> isPatient(plan, column.path().orElse("")))
                .toList();
        return about.size() == 1 && !about.getFirst().collection()
                ? Optional.of(Identifiers.identifier(about.getFirst().name()))
                : Optional.empty();
    }

    private static boolean isPatient(ViewPlan plan, String path) {
        return PATIENT.matcher(path).matches()
                || (plan.resourceType().equals("Patient") && path.equals("Patient.getResourceKey()"));
    }

    /** The rows as they are now. */
    String query() {
        return rows.query(columns, Optional.empty());
    }

    /** Those of them that are about some patients. */
    String query(String whose) {
        return rows.query(columns, patient.map(column -> column + " in " + whose));
    }

    /** The stored rows about some patients, whatever changed since; all of them where no column tells. */
    Optional<String> stored(Optional<String> whose) {
        return rows.storedIn()
                .map(table -> new Rows.Stored(table)
                        .query(columns, whose.flatMap(in -> patient.map(column -> column + " in " + in))));
    }

    /**
     * A query of the patients whose rows may have changed; empty where that can't be told.
     */
    Optional<List<String>> touched() {
        return switch (rows) {
            case Rows.Stored _ -> Optional.of(List.of());
            case Rows.Merged merged ->
                patient.map(column -> List.of(
                        "select " + column + "\nfrom " + merged.table() + "\nwhere rf_key in (select key from "
                                + merged.changes() + ")",
                        "select " + column + "\nfrom " + merged.fresh()));
            case Rows.Computed _, Rows.Replaced _, Rows.Fresh _ -> Optional.empty();
        };
    }
}
