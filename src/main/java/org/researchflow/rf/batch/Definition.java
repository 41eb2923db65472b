package org.researchflow.rf.batch;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.researchflow.rf.Failure;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.sql.ViewSql;
import org.researchflow.rf.view.ViewDefinition;
import org.researchflow.rf.view.ViewReader;

/**
 * A ViewDefinition that can be materialized, with all that decides its rows.
 *
 * @param view as the user gave it
 * @param plan compiled for the settings' FHIR version
 * @param settings under which it is read
 */
record Definition(ViewDefinition view, ViewPlan plan, SourceSettings settings) {

    /** PostgreSQL cuts longer names off, silently. */
    private static final int LONGEST_NAME = 63;

    private static final Set<String> TAKEN =
            Set.of("rf_key", "rf_version", "tableoid", "cmax", "xmax", "cmin", "xmin", "ctid");

    /** Compiles the view; throws a {@link Failure} when it cannot be, or its names cannot be stored. */
    static Definition of(ViewDefinition view, SourceSettings settings) {
        ViewPlan plan = ViewCompiler.compile(view);
        requireStorable(plan);
        return new Definition(view, settings.reading().of(plan), settings);
    }

    static Definition stored(String name, String json, SourceSettings settings) {
        return of(ViewReader.read("the stored definition of " + name, json), settings);
    }

    /** Of the definition's meaning as JSON and of the settings: equal hashes, equal rows. */
    String hash() {
        return hash(view.json(), settings);
    }

    Definition under(SourceSettings others) {
        return new Definition(view, others.reading().of(plan), others);
    }

    static String hash(String json, SourceSettings settings) {
        return Fingerprint.of(DefinitionText.canonical(json) + '\n' + settings.text());
    }

    String name() {
        return view.name();
    }

    Optional<String> description() {
        return DefinitionText.description(view.json());
    }

    private static void requireStorable(ViewPlan plan) {
        requireShort("view name", plan.name());
        if (plan.name().equals("materialized_view_metadata")) {
            throw Failure.usage("a view cannot be named materialized_view_metadata")
                    .note("why", "rf keeps what it knows of the views in a table of that name");
        }
        for (Column column : plan.columns()) {
            requireShort("column name", column.name());
            if (TAKEN.contains(column.name())
                    || ViewSql.misfitPosition(column.name()).isPresent()) {
                throw Failure.usage("column \"" + column.name() + "\" of " + plan.name() + " cannot be stored")
                        .note("why", "the stored table has a column of that name for itself")
                        .note("try", "another name for the column");
            }
        }
    }

    private static void requireShort(String what, String name) {
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_NAME) {
            throw Failure.usage(what + " \"" + name + "\" is too long")
                    .note("why", bytes + " bytes; PostgreSQL cuts names off after " + LONGEST_NAME);
        }
    }
}
