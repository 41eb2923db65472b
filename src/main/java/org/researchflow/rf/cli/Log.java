package org.researchflow.rf.cli;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The lines that rf writes of its work: on standard error, each with its moment, for people or as JSON. */
public final class Log {

    /** How much a line matters to whoever collects it. */
    enum Level {
        DEBUG,
        INFO,
        WARNING,
        ERROR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static final String SCHEMA = "rf.log/v1";

    private final LiveLines err;
    private final LogFormat format;
    private final Clock clock;

    Log(LiveLines err, LogFormat format, Clock clock) {
        this.err = err;
        this.format = format;
        this.clock = clock;
    }

    boolean isJson() {
        return format == LogFormat.JSON;
    }

    /** A line for people, which begins with the second. */
    void text(String line) {
        err.print(clock.instant().truncatedTo(ChronoUnit.SECONDS) + " " + line);
    }

    /** A line for programs that tells one thing. */
    void event(Level level, String event, String name, String value) {
        Map<String, @Nullable Object> content = new LinkedHashMap<>();
        content.put("event", event);
        content.put(name, value);
        json(SCHEMA, level, content);
    }

    /** A line for programs. */
    void json(String schema, Level level, Map<String, ? extends @Nullable Object> content) {
        err.print(line(schema, level, content));
    }

    /** Such a line for whoever prints it elsewhere. A content with a moment of its own keeps that. */
    String line(String schema, Level level, Map<String, ? extends @Nullable Object> content) {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("schema", schema);
        line.put("at", clock.instant().truncatedTo(ChronoUnit.MILLIS));
        line.put("level", level.toString());
        line.putAll(content);
        return JsonText.of(line);
    }
}
