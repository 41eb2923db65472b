package org.researchflow.rf.batch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a run told while it ran. */
public record Heard(List<String> lines) implements RunListener {

    public static final RunListener NOBODY = new Heard();

    Heard() {
        this(Collections.synchronizedList(new ArrayList<>()));
    }

    @Override
    public void started(String view) {
        lines.add("started " + view);
    }

    @Override
    public void finished(Outcome outcome) {
        lines.add(
                outcome instanceof Outcome.Built built
                        ? "Built " + built.view() + " " + built.rows()
                        : outcome.getClass().getSimpleName() + " " + outcome.view());
    }
}
