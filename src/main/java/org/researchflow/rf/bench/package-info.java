/** What rf costs and gains on somebody's own data: workloads, measuring, gates and reports. */
@NullMarked
package org.researchflow.rf.bench;

import org.jspecify.annotations.NullMarked;
