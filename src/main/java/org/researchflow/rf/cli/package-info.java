/** The picocli commands, configuration, printers and exit codes. Only this package prints, reads the environment or exits. */
@NullMarked
package org.researchflow.rf.cli;

import org.jspecify.annotations.NullMarked;
