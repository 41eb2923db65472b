/** A ViewDefinition and element types into a typed {@link org.researchflow.rf.plan.ViewPlan}: the compiler. Never writes SQL. */
@NullMarked
package org.researchflow.rf.plan;

import org.jspecify.annotations.NullMarked;
