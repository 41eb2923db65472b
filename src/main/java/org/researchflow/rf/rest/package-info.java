/** A FHIR server's REST API, turned into what the resource table takes. It trusts no order, no page and no link. */
@NullMarked
package org.researchflow.rf.rest;

import org.jspecify.annotations.NullMarked;
