package org.researchflow.rf.cli;

import java.util.List;
import java.util.Locale;

/** The forms in which every command prints its answer. */
public enum OutputFormat {
    TABLE,
    JSON,
    NDJSON,
    CSV,
    MARKDOWN;

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether errors and warnings are JSON lines too. */
    boolean isJson() {
        return this == JSON || this == NDJSON;
    }

    /** The form that a command line asks for that could not be parsed, so that its error has that form. */
    static OutputFormat askedForIn(List<String> args) {
        OutputFormat asked = TABLE;
        for (int i = 0; i < args.size(); i++) {
            String arg = args.get(i);
            if (arg.equals("--")) {
                break;
            }
            String value = "";
            if ((arg.equals("-o") || arg.equals("--output")) && i + 1 < args.size()) {
                value = args.get(i + 1);
            } else if (arg.startsWith("--output=")) {
                value = arg.substring("--output=".length());
            } else if (arg.startsWith("-o")) {
                value = arg.substring("-o".length());
            }
            for (OutputFormat format : values()) {
                if (format.toString().equals(value.toLowerCase(Locale.ROOT))) {
                    asked = format;
                }
            }
        }
        return asked;
    }
}
