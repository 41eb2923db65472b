package org.researchflow.rf.view;

import java.util.List;

/**
 * A view as far as its document could be read, so that what is wrong with its expressions is found together with what is
 * wrong with its form.
 *
 * @param view without the parts that could not be read
 * @param problems of the document's form; none, and the view is whole
 */
public record Draft(ViewDefinition view, List<Problem> problems) {

    public Draft {
        problems = List.copyOf(problems);
    }

    /** The view; throws a {@link org.researchflow.rf.Failure} naming every problem of its form with its place. */
    public ViewDefinition whole() {
        if (!problems.isEmpty()) {
            throw Problem.failure(problems);
        }
        return view;
    }
}
