package org.researchflow.rf.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.researchflow.rf.conformance.SuiteFile.Case;

/** What became of one case. */
public sealed interface Verdict {

    /** Which case. */
    Case of();

    /** It gave what it should. */
    record Passed(Case of) implements Verdict {}

    /** It could not be run, or it was expected to fail and did so for another reason, or not at all. */
    record Failed(Case of, String why) implements Verdict {}

    /** It gave other rows than it should. */
    record Different(Case of, String why, List<JsonNode> actual) implements Verdict {
        public Different {
            actual = List.copyOf(actual);
        }
    }
}
