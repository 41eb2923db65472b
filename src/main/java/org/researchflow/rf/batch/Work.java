package org.researchflow.rf.batch;

import java.util.Optional;
import org.researchflow.rf.batch.Build.Numbers;

/** What is to be done for one view whose lock is held. */
sealed interface Work {

    String TOO_MANY_CHANGES = "more than 20 % of its resources changed";

    String TOO_LONG = "a value is too long for an index of its stored rows";

    /**
     * An incremental refresh.
     *
     * @param existing what people read now
     * @param reconcile whether expunged and tagged resources are looked for
     * @param instead the full build, should too much have changed
     */
    record Update(Materialization existing, boolean reconcile, Make instead) implements Work {

        String view() {
            return existing.view();
        }

        Definition definition() {
            return instead.definition();
        }
    }

    /** Nothing: the outcome is known. */
    record Settled(Outcome outcome) implements Work {}

    /**
     * A full build and its publication.
     *
     * @param definition what to build
     * @param number the view's number, if it was built before
     * @param current the generation that people read, 0 for none
     * @param pending a build that was never published
     * @param because why it is not refreshed incrementally; nothing at its creation
     * @param fresh whether rows as new as this run are wanted, so that the pending build alone won't do
     */
    record Make(
            Definition definition,
            Optional<Long> number,
            long current,
            Optional<Generation> pending,
            boolean fresh,
            Optional<String> because)
            implements Work {

        Make because(String reason) {
            return new Make(definition, number, current, pending, fresh, Optional.of(reason));
        }

        Numbers next() {
            return new Numbers(
                    number,
                    Math.max(current, pending.map(Generation::generation).orElse(0L)) + 1);
        }

        /** The pending build, when it is all that was asked for. */
        Optional<Generation> sufficient(int compilerVersion) {
            return pending.filter(built ->
                    !fresh && built.hash().equals(definition.hash()) && built.compilerVersion() == compilerVersion);
        }
    }
}
