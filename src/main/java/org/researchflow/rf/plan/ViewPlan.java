package org.researchflow.rf.plan;

import java.util.List;

/** Stands in for the plan until the compiler is merged. */
public record ViewPlan(String name, String resourceType, List<Column> columns, boolean readsId, boolean readsMeta) {}
