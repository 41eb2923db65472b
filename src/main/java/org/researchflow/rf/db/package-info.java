/**
 * JDBC: where the database is, connections, transactions, locks, and errors with their place. What the command line, the
 * environment and files say becomes {@link org.researchflow.rf.db.ConnectionSettings}; an SQLException becomes a
 * {@link org.researchflow.rf.Failure}. Knows nothing of FHIR.
 */
@NullMarked
package org.researchflow.rf.db;

import org.jspecify.annotations.NullMarked;
