/** What keeps rf from working well here: checks that read and change nothing, to findings with what to type. */
@NullMarked
package org.researchflow.rf.doctor;

import org.jspecify.annotations.NullMarked;
