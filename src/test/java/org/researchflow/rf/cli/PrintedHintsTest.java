package org.researchflow.rf.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What errors tell people to type, and what the guide says of errors, is so. */
class PrintedHintsTest {

    /** The text of a note that says what to type, with calls up to three deep in it. */
    private static final Pattern NOTE = Pattern.compile(
            "\\.note\\(\\s*\"(?:try|fix)\",\\s*((?:[^()]|\\((?:[^()]|\\((?:[^()]|\\([^()]*\\))*\\))*\\))*)\\)");

    private static final Pattern JOINED = Pattern.compile("\"\\s*\\+\\s*\"");

    /** What is put in between two literals. */
    private static final Pattern VALUE = Pattern.compile("\"\\s*\\+[^\"]*\\+\\s*\"");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\]|\\\\.)*)\"(\\s*\\+)?");
    private static final Path TROUBLE = Path.of("docs", "guide", "troubleshooting.md");
    private static final Pattern HEADING = Pattern.compile("^### `(.*)`$", Pattern.MULTILINE);

    private static String sources() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<String> texts = new ArrayList<>();
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".java")).toList()) {
                texts.add(Files.readString(file));
            }
            return String.join("\n", texts);
        }
    }

    static Stream<String> hints() throws IOException {
        return NOTE.matcher(sources())
                .results()
                .map(note -> VALUE.matcher(JOINED.matcher(note.group(1)).replaceAll(""))
                        .replaceAll("X"))
                .flatMap(text -> LITERAL.matcher(text).results())
                .map(literal -> literal.group(1) + (literal.group(2) == null ? "" : "X"))
                // Which command it is may depend on the one that failed.
                .filter(text -> !Hints.in(text).isEmpty() && !text.matches("rf (?:speed )?X.*"))
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("hints")
    void everyHintInTheSourcesParses(String hint) {
        Hints.requireParseable(hint);
    }

    @Test
    void everyMessageOfTheGuideIsOneOfRf() throws IOException {
        String known = JOINED.matcher(sources()).replaceAll("").replace("\\\"", "\"");
        List<String> messages = HEADING.matcher(Files.readString(TROUBLE))
                .results()
                .map(found -> found.group(1))
                .toList();
        assertThat(messages).hasSizeGreaterThan(15);
        List<String> unknown = messages.stream()
                .flatMap(message -> Stream.of(message.split("…")))
                .filter(part -> !part.isBlank() && !known.contains(part))
                .collect(Collectors.toList());
        assertThat(unknown).isEmpty();
    }
}
