package org.researchflow.rf.cohort;

import java.util.stream.Stream;

/** The views that a question can be asked of. */
public interface Views {

    /** The views of a resource type, those first that a question should prefer; each is looked at only when taken. */
    Stream<ViewShape> over(String resourceType);

    /** Where the codes below that one are found. */
    Hierarchy below(Code code);
}
