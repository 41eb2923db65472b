/** JDBC: where the database is, connections, transactions, locks, and errors with their place. Knows nothing of FHIR. */
@NullMarked
package org.researchflow.rf.db;

import org.jspecify.annotations.NullMarked;
