/** A plan and a resource relation into SQL text. The only package that knows what a view means in SQL. Never talks to a database. */
@NullMarked
package org.researchflow.rf.sql;

import org.jspecify.annotations.NullMarked;
