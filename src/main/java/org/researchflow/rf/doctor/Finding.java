package org.researchflow.rf.doctor;

import java.util.Optional;

/**
 * What a check found.
 *
 * @param check its name
 * @param what in words
 * @param fix a command that mends it
 */
public record Finding(String check, Level level, String what, Optional<String> fix) {

    /** How bad it is. */
    public enum Level {
        OK,
        /** rf works, and could work better. */
        WARN,
        /** Something that rf is there for does not work. */
        FAIL
    }

    public static Finding ok(String check, String what) {
        return new Finding(check, Level.OK, what, Optional.empty());
    }

    public static Finding warn(String check, String what) {
        return new Finding(check, Level.WARN, what, Optional.empty());
    }

    public static Finding fail(String check, String what) {
        return new Finding(check, Level.FAIL, what, Optional.empty());
    }

    public Finding fix(String command) {
        return new Finding(check, level, what, Optional.of(command));
    }
}
