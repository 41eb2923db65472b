package org.researchflow.rf.cohort;

import java.util.List;
import java.util.Optional;

/**
 * What an event is about, when it says so by a reference to another resource.
 *
 * @param reference as it is written
 * @param key of what it refers to
 * @param resourceType of what it refers to
 * @param coding where that one has its codes
 */
record Referred(Need reference, Need key, String resourceType, Coding coding) {

    /** The first view of what is referred to that has its codes and its words, if there is one. */
    Optional<CodedRows> rows(Sources sources) {
        return sources.viewIfAny(resourceType, coding, List.of(EventSql.KEY.all()))
                .map(view -> new CodedRows(view, "r", coding, sources));
    }

    /** Those rows with what they refer to, as SQL. */
    String joined(CodedRows from, CodedRows to) {
        return from.from() + "\njoin " + to.from() + " on " + leads(from, to);
    }

    /** Whether a row refers to that other one. */
    String leads(CodedRows from, CodedRows to) {
        return to.joined(EventSql.KEY.all()) + " = " + from.joined(key);
    }
}
