package org.researchflow.rf.plan;

import java.util.Map;
import java.util.TreeMap;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.fhirpath.Expression.Call;
import org.researchflow.rf.plan.PathCompiler.Scope;

/** The functions of FHIRPath and of SQL on FHIR by their names. */
final class Functions {

    private static final String CLOCK = "a stored row may not depend on the clock";

    /** Functions that exist and that a view cannot have, with the reason. */
    private static final Map<String, String> REFUSED = Map.ofEntries(
            Map.entry("now", CLOCK),
            Map.entry("today", CLOCK),
            Map.entry("timeOfDay", CLOCK),
            Map.entry("resolve", "a row depends on one resource alone; join on getReferenceKey()"),
            Map.entry("memberOf", "a row depends on one resource alone; join a value set's table"),
            Map.entry("subsumes", "a row depends on one resource alone; join a terminology's table"),
            Map.entry("subsumedBy", "a row depends on one resource alone; join a terminology's table"),
            Map.entry("conformsTo", "validation is not what a view does"),
            Map.entry("checkModifiers", "it exists to raise errors"),
            Map.entry("trace", "a query has no log"),
            Map.entry("children", "its items have no type to be known by; name the elements"),
            Map.entry("descendants", "its items have no type to be known by; name the elements, or use repeat"),
            Map.entry("aggregate", "only fixed aggregates have a meaning in SQL: count(), join(), allTrue(), …"));

    private final PathCompiler paths;
    private final Collections collections;
    private final Map<String, Entry> table = new TreeMap<>();

    /** What a function does. */
    @FunctionalInterface
    interface Meaning {
        Items of(Invocation invocation);
    }

    private record Entry(int fewest, int most, Meaning meaning) {}

    Functions(PathCompiler paths, Collections collections) {
        this.paths = paths;
        this.collections = collections;
        FhirFunctions.addTo(this);
        CollectionFunctions.addTo(this);
        TruthFunctions.addTo(this);
        StringFunctions.addTo(this);
        MathFunctions.addTo(this);
        ConversionFunctions.addTo(this);
    }

    void add(String name, int fewest, int most, Meaning meaning) {
        table.put(name, new Entry(fewest, most, meaning));
    }

    void add(String name, Meaning meaning) {
        add(name, 0, 0, meaning);
    }

    Items call(Call call, Scope scope) {
        String reason = REFUSED.get(call.name());
        if (reason != null) {
            throw Rejection.of(call.nameSpan(), call.name() + "() is not supported in a view", reason);
        }
        Entry entry = table.get(call.name());
        if (entry == null) {
            throw Rejection.of(
                    call.nameSpan(),
                    "no function \"" + call.name() + "\"",
                    "not a function of FHIRPath or SQL on FHIR",
                    Suggestion.nearest(call.name(), table.keySet()));
        }
        int count = call.arguments().size();
        if (count < entry.fewest || count > entry.most) {
            String wanted = entry.fewest == entry.most ? "" + entry.most : entry.fewest + " to " + entry.most;
            throw Rejection.of(
                    call.nameSpan(),
                    call.name() + "() takes " + wanted + " argument" + (entry.most == 1 ? "" : "s"),
                    "found " + count);
        }
        return entry.meaning.of(new Invocation(paths.compile(call.target(), scope), call, scope, paths, collections));
    }
}
