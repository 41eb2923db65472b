/**
 * The SQL-on-FHIR suite's files into a report of which cases pass on a PostgreSQL. Never stores anything in the
 * database: resources stand in the query itself.
 */
@NullMarked
package org.researchflow.rf.conformance;

import org.jspecify.annotations.NullMarked;
