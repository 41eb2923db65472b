package org.researchflow.rf.cli;

import java.util.List;
import java.util.Locale;
import org.researchflow.rf.Failure;

/** The form of what rf says of its work: lines for people, or JSON for programs that collect logs. */
public enum LogFormat {
    TEXT,
    JSON;

    static final String VARIABLE = "RF_LOG_FORMAT";
    private static final String FLAG = "--log-format";

    /** As it is typed. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What the environment asks for; a {@link Failure} if that is no form. */
    static LogFormat of(Environment environment) {
        String text = environment.get(VARIABLE).orElse(TEXT.toString());
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "text" -> TEXT;
            case "json" -> JSON;
            default ->
                throw Failure.usage("a log is text or json")
                        .note("from", VARIABLE)
                        .note("try", VARIABLE + "=json");
        };
    }

    /** The form that a command line asks for that could not be parsed, so that its error has that form. */
    static LogFormat askedForIn(List<String> args, Environment environment) {
        int flag = args.indexOf(FLAG);
        boolean json = args.contains(FLAG + "=json")
                || (flag >= 0 && flag + 1 < args.size() && args.get(flag + 1).equals(JSON.toString()))
                || environment.get(VARIABLE).filter(JSON.toString()::equals).isPresent();
        return json ? JSON : TEXT;
    }
}
