package org.researchflow.rf.cohort;

import java.util.Optional;

/** What a measured value must be. */
public sealed interface ValueTest {

    String inWords();

    /** A number within limits, in a unit if one is named. */
    record Within(Interval interval, Optional<String> unit) implements ValueTest {
        @Override
        public String inWords() {
            return interval + unit.map(name -> " " + name).orElse("");
        }
    }

    /** A code, its name, or words. */
    record Coded(Code value) implements ValueTest {
        @Override
        public String inWords() {
            return " = " + value;
        }
    }

    /** A code that looks like a number, or that number. */
    record NumberOrCode(Interval interval, Code value) implements ValueTest {
        @Override
        public String inWords() {
            return " = " + value;
        }
    }
}
