package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.cohort.SmallCells;

/** Rows about patients, in the patients' order, which are kept back until they are of so many that these may be told. */
final class GuardedRows {

    private final RowSink sink;
    private final SmallCells small;
    private final List<List<@Nullable Object>> kept = new ArrayList<>();
    private String last = "";
    private long patients;

    GuardedRows(RowSink sink, SmallCells small) {
        this.sink = sink;
        this.small = small;
    }

    void row(String patient, List<@Nullable Object> values) {
        if (patients == 0 || !patient.equals(last)) {
            patients++;
            last = patient;
        }
        if (!told()) {
            kept.add(values);
            return;
        }
        kept.forEach(sink::rowOf);
        kept.clear();
        sink.rowOf(values);
    }

    /** How many patients there were so far. */
    long patients() {
        return patients;
    }

    /** Whether they were enough. */
    boolean told() {
        return !small.hides(patients);
    }

    /** Says that there is something to see, but too little. */
    Optional<String> warning() {
        return told()
                ? Optional.empty()
                : Optional.of("of fewer than " + small.least() + " patients nothing is told (--min-cell)");
    }
}
