package org.researchflow.rf.conformance;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.researchflow.rf.conformance.Verdict.Different;
import org.researchflow.rf.conformance.Verdict.Failed;
import org.researchflow.rf.conformance.Verdict.Passed;

/**
 * What became of all cases.
 *
 * @param verdicts by the file's name, in order
 */
public record Report(Map<String, List<Verdict>> verdicts) {

    public Report {
        verdicts = new LinkedHashMap<>(verdicts);
    }

    public long cases() {
        return verdicts.values().stream().mapToLong(List::size).sum();
    }

    public long passed() {
        return verdicts.values().stream()
                .flatMap(List::stream)
                .filter(Passed.class::isInstance)
                .count();
    }

    /** A line for each file, and below it one for each case that did not pass. */
    public List<String> summary() {
        List<String> lines = new ArrayList<>();
        verdicts.forEach((file, list) -> {
            long passed = list.stream().filter(Passed.class::isInstance).count();
            lines.add(passed + " of " + list.size() + "  " + file);
            list.forEach(verdict -> {
                switch (verdict) {
                    case Passed _ -> {}
                    case Failed(var of, String why) -> lines.add("    " + of.title() + ": " + firstLine(why));
                    case Different(var of, String why, var _) -> lines.add("    " + of.title() + ": " + why);
                }
            });
        });
        return lines;
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse(text);
    }

    /** The report in the suite's own format. */
    public String json() {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        verdicts.forEach((file, list) -> {
            var tests = report.putObject(file).putArray("tests");
            list.forEach(verdict -> {
                ObjectNode test = tests.addObject().put("name", verdict.of().title());
                write(verdict, test.putObject("result"));
            });
        });
        return report.toPrettyString();
    }

    private static void write(Verdict verdict, ObjectNode result) {
        result.put("passed", verdict instanceof Passed);
        switch (verdict) {
            case Passed _ -> {}
            case Failed(var _, String why) -> result.put("error", why);
            case Different(var of, String why, var actual) -> {
                ObjectNode details = result.put("error", why).putObject("details");
                of.expected()
                        .rows()
                        .ifPresent(rows -> details.putArray("expected").addAll(rows));
                details.putArray("actual").addAll(actual);
            }
        }
    }
}
