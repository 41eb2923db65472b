package org.researchflow.rf.plan;

import java.util.Optional;

/**
 * A name for the item at hand while a collection is walked through.
 *
 * @param name unique in its plan, and readable: the element that it walks through
 * @param type the type of the items
 * @param path where the items come from when that is a plain path from the resource, such as {@code Condition.code}
 */
public record Var(String name, Type type, Optional<String> path) {}
