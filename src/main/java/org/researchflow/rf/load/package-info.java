/** Bulk Data into rf's own resource table: turns NDJSON files into stored resources, line by line, and writes them. */
@NullMarked
package org.researchflow.rf.load;

import org.jspecify.annotations.NullMarked;
