/** ViewDefinition JSON into records, with errors that point into the file. Never reads files: it is given their text. */
@NullMarked
package org.researchflow.rf.view;

import org.jspecify.annotations.NullMarked;
