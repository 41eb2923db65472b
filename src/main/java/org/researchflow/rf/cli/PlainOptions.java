package org.researchflow.rf.cli;

/** Options that a {@link PlainLine} can fill in as picocli would, or those of them that are typed every day. */
@FunctionalInterface
interface PlainOptions {

    /** Takes from the line what it has for each option. */
    void fill(PlainLine line);
}
