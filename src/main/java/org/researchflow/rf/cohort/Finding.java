package org.researchflow.rf.cohort;

import java.util.Optional;

/** What an event may be recognized by. */
public sealed interface Finding {

    String inWords();

    /** A code. */
    record OfCode(Code code) implements Finding {
        @Override
        public String inWords() {
            return code.toString();
        }
    }

    /** Words in its text or in the name of its code. */
    record OfText(Term term) implements Finding {
        @Override
        public String inWords() {
            return "text " + term;
        }
    }

    /** A code, and a value that goes with it; just the code if there is none. */
    record OfValue(Code code, Optional<ValueTest> value) implements Finding {
        @Override
        public String inWords() {
            return code + value.map(ValueTest::inWords).orElse("");
        }
    }
}
