package org.researchflow.rf.cli;

import java.util.Locale;

/** Colour and weight for one stream; none at all where nobody looks. Never the only carrier of a meaning. */
public enum Style {
    PLAIN,
    COLOURED;

    /** What {@code --color} may say. */
    public enum Choice {
        AUTO,
        ALWAYS,
        NEVER;

        /** As it is typed. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** The flag decides, then {@code NO_COLOR}, {@code CLICOLOR_FORCE}, {@code TERM}, then whether it is a terminal. */
    static Style of(Choice choice, Environment environment, boolean terminal) {
        return switch (choice) {
            case ALWAYS -> COLOURED;
            case NEVER -> PLAIN;
            case AUTO -> automatic(environment, terminal) ? COLOURED : PLAIN;
        };
    }

    private static boolean automatic(Environment environment, boolean terminal) {
        if (environment.get("NO_COLOR").isPresent()) {
            return false;
        }
        if (environment
                .get("CLICOLOR_FORCE")
                .filter(value -> !value.equals("0"))
                .isPresent()) {
            return true;
        }
        return terminal && environment.get("TERM").filter("dumb"::equals).isEmpty();
    }

    public String bold(String text) {
        return with("1", text);
    }

    public String faint(String text) {
        return with("2", text);
    }

    public String red(String text) {
        return with("31", text);
    }

    public String green(String text) {
        return with("32", text);
    }

    public String yellow(String text) {
        return with("33", text);
    }

    private String with(String code, String text) {
        return switch (this) {
            case PLAIN -> text;
            case COLOURED -> "\033[" + code + "m" + text + "\033[0m";
        };
    }
}
