/** What every layer shares: the failure that stops a command, in words for the person who ran it. */
@NullMarked
package org.researchflow.rf;

import org.jspecify.annotations.NullMarked;
