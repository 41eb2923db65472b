/** The batch layer: creates, refreshes, lists and drops materialized views; owns the catalog, its generations and watermarks. */
@NullMarked
package org.researchflow.rf.batch;

import org.jspecify.annotations.NullMarked;
