/** Runners: a query over views into rows and an answer that names its moment. */
@NullMarked
package org.researchflow.rf.serving;

import org.jspecify.annotations.NullMarked;
