package org.researchflow.rf.cohort;

/** What a patient meets or not: a property, something that happened, or a group of criteria. */
public sealed interface Criterion permits Group, Gender, Age, BirthDate, Deceased, Event {

    /** The criterion in words, as it is shown above an answer. */
    String inWords();
}
