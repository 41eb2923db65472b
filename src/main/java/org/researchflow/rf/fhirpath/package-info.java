/** FHIRPath text into an {@link org.researchflow.rf.fhirpath.Expression}: syntax only, with exact positions. Never looks at element types or data. */
@NullMarked
package org.researchflow.rf.fhirpath;

import org.jspecify.annotations.NullMarked;
