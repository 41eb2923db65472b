package org.researchflow.rf.cli;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Figures in Prometheus' text format, as the textfile collector reads them. They hold moments and no ages: an age would
 * stand still in the file when nobody writes it any more.
 */
final class Metrics {

    private final StringBuilder text = new StringBuilder();

    /** What stands for a name at the moment. */
    Metrics gauge(String name, String help, String value) {
        head(name, "gauge", help);
        return sample(name, Map.of(), value);
    }

    /** What only grows while the process lives. */
    Metrics counter(String name, String help, long value) {
        head(name, "counter", help);
        return sample(name, Map.of(), Long.toString(value));
    }

    /** One figure of each of several things. */
    <T> Metrics each(
            List<T> things,
            String name,
            String help,
            Function<T, Map<String, String>> labels,
            Function<T, String> value) {
        head(name, "gauge", help);
        things.forEach(thing -> sample(name, labels.apply(thing), value.apply(thing)));
        return this;
    }

    private void head(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    private Metrics sample(String name, Map<String, String> labels, String value) {
        String among = labels.entrySet().stream()
                .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + '"')
                .collect(Collectors.joining(",", "{", "}"));
        text.append(name)
                .append(labels.isEmpty() ? "" : among)
                .append(' ')
                .append(value)
                .append('\n');
        return this;
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    static String seconds(Instant time) {
        return decimal(time.toEpochMilli());
    }

    static String seconds(Duration time) {
        return decimal(time.toMillis());
    }

    private static String decimal(long milliseconds) {
        return BigDecimal.valueOf(milliseconds, 3).toPlainString();
    }

    /** The whole of it. */
    String text() {
        return text.toString();
    }
}
