package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/** How errors and warnings look: a block of aligned lines for people, one JSON line for programs. */
final class FailurePrinter {

    /** The note that stands at the end of the first line, as it is what to type. */
    private static final String DID_YOU_MEAN = "did you mean";

    static final String ERROR = "rf.error/v1";
    static final String WARNING = "rf.warning/v1";

    private static final String INDENT = "    ";

    private FailurePrinter() {}

    static String error(Failure failure, ExitCode exit, OutputFormat format, Style style, boolean verbose) {
        if (format.isJson()) {
            return json(ERROR, document(failure, exit, verbose));
        }
        String text = block(style.red("rf:") + " ", failure.what(), failure.notes());
        return verbose ? text + causeLines(failure) : text;
    }

    static String warning(String what, Map<String, List<String>> notes, OutputFormat format, Style style) {
        if (format.isJson()) {
            return json(WARNING, document(what, notes));
        }
        return block("rf: " + style.yellow("warning:") + " ", what, notes);
    }

    /** An error as programs read it. */
    static Map<String, @Nullable Object> document(Failure failure, ExitCode exit, boolean verbose) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("error", failure.what());
        document.put("kind", exit.name().toLowerCase(Locale.ROOT));
        document.put("exit", exit.number());
        document.put("notes", failure.notes());
        if (verbose && failure.getCause() != null) {
            document.put("causes", causes(failure));
        }
        return document;
    }

    /** A warning as programs read it. */
    static Map<String, @Nullable Object> document(String warning, Map<String, List<String>> notes) {
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("warning", warning);
        document.put("notes", notes);
        return document;
    }

    private static String json(String schema, Map<String, @Nullable Object> document) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("schema", schema);
        json.putAll(document);
        return JsonText.of(json);
    }

    /** The first line, the lines of a source excerpt below it, then the notes with their texts aligned. */
    private static String block(String prefix, String what, Map<String, List<String>> notes) {
        List<String> lines = new ArrayList<>(Printable.text(what).lines().toList());
        StringBuilder text = new StringBuilder(prefix).append(lines.isEmpty() ? "" : lines.getFirst());
        List<String> meant = notes.getOrDefault(DID_YOU_MEAN, List.of());
        if (!meant.isEmpty()) {
            String names = Printable.line(String.join(", ", meant));
            text.append("      did you mean:  ").append(names).append(names.endsWith("?") ? "" : " ?");
        }
        lines.stream().skip(1).forEach(line -> text.append('\n').append(INDENT).append(line));
        int width = notes.keySet().stream()
                .filter(label -> !label.equals(DID_YOU_MEAN))
                .mapToInt(String::length)
                .max()
                .orElse(0);
        notes.forEach((label, values) -> {
            if (!label.equals(DID_YOU_MEAN)) {
                values.forEach(value -> text.append(note(label, value, width)));
            }
        });
        return text.toString();
    }

    /** A note without a label is a plain indented line. */
    private static String note(String label, String value, int width) {
        String start = label.isEmpty() ? INDENT : INDENT + label + ":" + " ".repeat(width - label.length() + 1);
        String following = "\n" + " ".repeat(start.length());
        return "\n" + start
                + String.join(following, Printable.text(value).lines().toList());
    }

    private static String causeLines(Failure failure) {
        StringBuilder text = new StringBuilder();
        causes(failure)
                .forEach(cause ->
                        text.append('\n').append(INDENT).append("cause: ").append(cause));
        return text.toString();
    }

    private static List<String> causes(Throwable failure) {
        List<String> causes = new ArrayList<>();
        Throwable cause = failure.getCause();
        while (cause != null && causes.size() < 10) {
            causes.add(Printable.line(UnexpectedError.describe(cause)));
            cause = cause.getCause();
        }
        return causes;
    }
}
