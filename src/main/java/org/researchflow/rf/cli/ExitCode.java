package org.researchflow.rf.cli;

import org.researchflow.rf.Failure;

/** How a run of rf ended: what the shell sees in {@code $?}. */
public enum ExitCode {
    DONE(0, "done"),
    FAILED(Failure.Kind.FAILED.exitCode(), "failed"),
    USAGE(Failure.Kind.USAGE.exitCode(), "wrong usage, file, definition or configuration"),
    PARTIAL(Failure.Kind.PARTIAL.exitCode(), "partly failed"),
    CHECK(Failure.Kind.CHECK.exitCode(), "a check said no"),
    UNREACHABLE(Failure.Kind.UNREACHABLE.exitCode(), "a service cannot be reached or refuses the login"),
    LOCKED(Failure.Kind.LOCKED.exitCode(), "another run holds the lock"),
    INTERRUPTED(130, "interrupted (Ctrl-C)"),
    BROKEN_PIPE(141, "the reader of the output went away"),
    TERMINATED(143, "terminated (SIGTERM)");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    public int number() {
        return number;
    }

    /** What it means, in a few words for the help. */
    public String meaning() {
        return meaning;
    }

    static ExitCode of(Failure.Kind kind) {
        return switch (kind) {
            case FAILED -> FAILED;
            case USAGE -> USAGE;
            case PARTIAL -> PARTIAL;
            case CHECK -> CHECK;
            case UNREACHABLE -> UNREACHABLE;
            case LOCKED -> LOCKED;
        };
    }
}
