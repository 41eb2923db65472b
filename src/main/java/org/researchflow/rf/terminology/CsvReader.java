package org.researchflow.rf.terminology;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;

/** Reads lines of {@code child,parent}: a line without a parent names a code that is below nothing. */
final class CsvReader {

    private static final String FIELD = "\\s*(?:\"([^\"]*)\"|([^\",]*))\\s*";
    private static final Pattern LINE = Pattern.compile(FIELD + "(?:," + FIELD + ")?");
    private static final Pattern HEADING = Pattern.compile("(?i)\\s*\"?(child|code)\"?\\s*,\\s*\"?parent\"?\\s*");
    private static final Pattern REVERSED = Pattern.compile("(?i)\\s*\"?parent\"?\\s*,\\s*\"?(child|code)\"?\\s*");

    private final String name;
    private final BufferedReader lines;
    private final CodeTree.Growing tree = new CodeTree.Growing();

    CsvReader(String name, BufferedReader lines) {
        this.name = name;
        this.lines = lines;
    }

    CodeTree read(String system) throws IOException {
        long number = 0;
        for (@Nullable String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String text = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
            if (number == 1 && REVERSED.matcher(text).matches()) {
                throw Failure.usage("the parents stand in front in " + name)
                        .note("why", "its heading is " + text.strip())
                        .note("try", "the columns the other way round: child,parent");
            }
            if (!text.isBlank() && !(number == 1 && HEADING.matcher(text).matches())) {
                add(text, number);
            }
        }
        return tree.grown(system, Optional.empty());
    }

    private void add(String line, long number) {
        Matcher match = LINE.matcher(line);
        if (!match.matches() || line.indexOf('\0') >= 0) {
            throw Failure.usage("not two columns, at " + name + ':' + number)
                    .note("try", "a line such as  44054006,73211009  (child,parent)");
        }
        String child = field(match, 1);
        String parent = field(match, 3);
        if (child.isEmpty()) {
            throw Failure.usage("no code, at " + name + ':' + number)
                    .note("try", "a line such as  44054006,73211009  (child,parent)");
        }
        int place = tree.place(child);
        if (!parent.isEmpty()) {
            tree.link(place, tree.place(parent));
        }
    }

    private static String field(Matcher match, int group) {
        return Optional.ofNullable(match.group(group))
                .or(() -> Optional.ofNullable(match.group(group + 1)))
                .orElse("")
                .strip();
    }
}
