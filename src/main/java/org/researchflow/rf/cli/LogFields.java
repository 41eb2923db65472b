package org.researchflow.rf.cli;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What a line of the log tells besides its event, in its order: {@code incremental changed=50 rows=4714}. */
final class LogFields {

    private static final String METHOD = "method";

    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();

    private LogFields() {}

    static LogFields none() {
        return new LogFields();
    }

    /** Begins with how something was done, in one word. */
    static LogFields by(String method) {
        return none().with(METHOD, method);
    }

    LogFields with(String name, Object value) {
        fields.put(name, value);
        return this;
    }

    /** Nothing is said of what there is none of. */
    LogFields unlessZero(String name, long count) {
        return count == 0 ? this : with(name, count);
    }

    LogFields took(Duration time) {
        return with("took", time);
    }

    /** For people. */
    String text() {
        return fields.entrySet().stream()
                .map(field -> switch (field.getValue()) {
                    case String word when field.getKey().equals(METHOD) -> word;
                    case String words -> field.getKey() + "=\"" + words + '"';
                    case Boolean _ -> field.getKey();
                    case Duration time -> field.getKey() + "=" + Wording.seconds(time) + "s";
                    case null, default -> field.getKey() + "=" + field.getValue();
                })
                .collect(Collectors.joining(" "));
    }

    /** For programs: durations in seconds. */
    Map<String, @Nullable Object> members() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        fields.forEach((name, value) -> {
            if (value instanceof Duration time) {
                members.put("seconds", time.toMillis() / 1000.0);
            } else {
                members.put(name, value);
            }
        });
        return members;
    }
}
