package org.researchflow.rf;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Something that stops a command, in words for the person who ran it: what happened, and labelled notes that say
 * why, from where a setting came, and what to type instead. Thrown where the problem is known, printed by the command
 * line alone. Never carries a secret or patient data.
 */
public final class Failure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** What kind of failure this is; each has its own exit code. */
    public enum Kind {
        /** The work was tried and failed. */
        FAILED(1),
        /** The command line, a file, a definition or the configuration is wrong. */
        USAGE(2),
        /** Some of several pieces of work failed. */
        PARTIAL(3),
        /** A check said no. */
        CHECK(4),
        /** A service cannot be reached or refuses us. */
        UNREACHABLE(5),
        /** Somebody else holds the lock. */
        LOCKED(6);

        private final int exitCode;

        Kind(int exitCode) {
            this.exitCode = exitCode;
        }

        public int exitCode() {
            return exitCode;
        }
    }

    private final Kind kind;
    private final transient Map<String, List<String>> notes = new LinkedHashMap<>();

    private Failure(Kind kind, String what) {
        super(what);
        this.kind = kind;
    }

    public static Failure of(Kind kind, String what) {
        return new Failure(kind, what);
    }

    public static Failure usage(String what) {
        return new Failure(Kind.USAGE, what);
    }

    public static Failure failed(String what) {
        return new Failure(Kind.FAILED, what);
    }

    public static Failure unreachable(String what) {
        return new Failure(Kind.UNREACHABLE, what);
    }

    /** Adds a labelled line: {@code why}, {@code from}, {@code try}, {@code did you mean}, {@code holder}, … */
    public Failure note(String label, String text) {
        notes.computeIfAbsent(label, _ -> new ArrayList<>()).add(text);
        return this;
    }

    /** Keeps the error that led to this one, for {@code -v}. */
    public Failure causedBy(Throwable cause) {
        initCause(cause);
        return this;
    }

    public Kind kind() {
        return kind;
    }

    /** What happened, in one line or with a source excerpt below it. */
    public String what() {
        return String.valueOf(getMessage());
    }

    /** The notes in the order in which they were added. */
    public Map<String, List<String>> notes() {
        return Collections.unmodifiableMap(notes);
    }
}
