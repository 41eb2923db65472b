/** A small, slow evaluator that follows the specifications word by word, and random views and resources to compare by. */
@NullMarked
package org.researchflow.rf.sql.reference;

import org.jspecify.annotations.NullMarked;
