package org.researchflow.rf.serving;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.researchflow.rf.plan.ViewCompiler;
import org.researchflow.rf.plan.ViewPlan;
import org.researchflow.rf.view.Pack;
import org.researchflow.rf.view.ViewReader;

/** The plans of definitions, each compiled when it is first needed. */
final class Plans {

    // As many as there are definitions of views in one database, over the life of one process.
    private final Map<String, ViewPlan> stored = new ConcurrentHashMap<>();
    private final Map<String, ViewPlan> shipped = new ConcurrentHashMap<>();

    /** Of a view of the catalog. */
    ViewPlan stored(String name, String definition) {
        return stored.computeIfAbsent(
                definition,
                document -> ViewCompiler.compile(ViewReader.read("the stored definition of " + name, document)));
    }

    /** Of a view that comes with rf. */
    ViewPlan shipped(String name) {
        return shipped.computeIfAbsent(name, view -> ViewCompiler.compile(Pack.FHIR.view(view)));
    }
}
