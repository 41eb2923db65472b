/** The speed layer: what changed lately, kept in Redis, with proof of what it covers. */
@NullMarked
package org.researchflow.rf.speed;

import org.jspecify.annotations.NullMarked;
