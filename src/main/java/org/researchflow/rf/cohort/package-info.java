/** Criteria into a cohort, and a cohort into SQL over view names. Never talks to a database. */
@NullMarked
package org.researchflow.rf.cohort;

import org.jspecify.annotations.NullMarked;
