package org.researchflow.rf.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.researchflow.rf.Failure;

/** What a person would read of a failure, and what is never in it. */
final class Failures {

    private Failures() {}

    /** The failure as kind and lines; fails when any part of it, stack trace included, has a secret in it. */
    static String of(ThrowingCallable code) {
        Failure failure = catchThrowableOfType(Failure.class, code);
        assertThat(failure).as("nothing failed").isNotNull();
        StringWriter everything = new StringWriter();
        failure.printStackTrace(new PrintWriter(everything));
        StringBuilder lines = new StringBuilder(failure.kind() + " " + failure.what());
        failure.notes()
                .forEach((label, texts) -> texts.forEach(
                        text -> lines.append('\n').append(label).append(": ").append(text)));
        assertThat(everything + " " + lines).doesNotContain("canary");
        return lines.toString();
    }
}
