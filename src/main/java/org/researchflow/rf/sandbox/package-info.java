/** The embedded PostgreSQL and Redis, and the bundled sample data. */
@NullMarked
package org.researchflow.rf.sandbox;

import org.jspecify.annotations.NullMarked;
