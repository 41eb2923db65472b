/** Where resources live: HAPI's tables in their versions. Turns a resource type into a resource relation. */
@NullMarked
package org.researchflow.rf.source;

import org.jspecify.annotations.NullMarked;
