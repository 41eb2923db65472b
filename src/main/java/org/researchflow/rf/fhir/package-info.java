/** FHIR's own words as values: versions, types and the element table (type, repeats, choice) generated at build time from the published StructureDefinitions. Knows nothing of FHIRPath, views or databases. */
@NullMarked
package org.researchflow.rf.fhir;

import org.jspecify.annotations.NullMarked;
