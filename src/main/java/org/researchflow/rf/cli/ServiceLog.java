package org.researchflow.rf.cli;

import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a service says of its rounds on standard output, a line each: text, or JSON where the answer or the log is to be.
 *
 * @param name what the lines in text begin with, and the schema of the others: {@code poll}, {@code watch}
 * @param precision of the moments
 */
record ServiceLog(Invocation rf, String name, ChronoUnit precision) {

    /** The beginning of a line. */
    Map<String, @Nullable Object> line(String event, long round) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("at", rf.clock().instant().truncatedTo(precision));
        line.put("event", event);
        line.put("round", round);
        return line;
    }

    void print(Map<String, @Nullable Object> line) {
        print(line, text(line));
    }

    /** The line, with other words for people. */
    void print(Map<String, @Nullable Object> line, String text) {
        String schema = "rf." + name + "/v1";
        if (rf.log().isJson() && rf.output().format() == OutputFormat.TABLE) {
            boolean bad = "lost".equals(line.get("event"));
            rf.output().text(rf.log().line(schema, bad ? Log.Level.ERROR : Log.Level.INFO, line));
        } else {
            rf.output().document(schema, line, line.get("at") + " " + name + " " + line.get("event") + " " + text);
        }
    }

    static String text(Map<String, @Nullable Object> line) {
        return line.entrySet().stream()
                .filter(entry -> !entry.getKey().equals("at") && !entry.getKey().equals("event"))
                .map(entry -> entry.getKey() + "=" + value(entry.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String value(@Nullable Object value) {
        return switch (value) {
            case List<?> names -> names.stream().map(String::valueOf).collect(Collectors.joining(","));
            case String text -> '"' + text + '"';
            case null, default -> String.valueOf(value);
        };
    }
}
