/** Files of codes into tables that say which code is below which, and back. Never looks at resources. */
@NullMarked
package org.researchflow.rf.terminology;

import org.jspecify.annotations.NullMarked;
