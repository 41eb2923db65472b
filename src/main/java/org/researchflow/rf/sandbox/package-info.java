/**
 * A private PostgreSQL and Redis out of the servers in our jars, and the data that the PostgreSQL begins with. The data
 * is synthetic: Synthea's patients as a HAPI FHIR 8.8.0 server stored them, with the prediabetes of 41 patients coded
 * as diabetes mellitus, so that there is a cohort to count. The servers belong to the folder that they are given and
 * outlive the process; nothing here reads the environment or prints.
 */
@NullMarked
package org.researchflow.rf.sandbox;

import org.jspecify.annotations.NullMarked;
