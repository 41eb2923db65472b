package org.researchflow.rf.plan;

import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Gives each variable of a plan a name of its own that says what it walks through. */
final class Names {

    /** PostgreSQL cuts longer names off; room is left for a number. */
    private static final int LONGEST = 50;

    private final Set<String> taken = new HashSet<>();

    Var fresh(String element, Type type, Optional<String> path) {
        String base = element.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_]", "");
        base = base.isEmpty() ? "item" : base.substring(0, Math.min(base.length(), LONGEST));
        String name = base;
        for (int n = 2; !taken.add(name); n++) {
            name = base + "_" + n;
        }
        return new Var(name, type, path);
    }
}
