package org.researchflow.rf.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.researchflow.rf.Failure;
import org.researchflow.rf.conformance.SuiteFile.Case;
import org.researchflow.rf.conformance.SuiteFile.Expectation;
import org.researchflow.rf.conformance.Verdict.Different;
import org.researchflow.rf.conformance.Verdict.Failed;
import org.researchflow.rf.conformance.Verdict.Passed;
import org.researchflow.rf.plan.Column;
import org.researchflow.rf.sql.Raised;
import org.researchflow.rf.sql.Reading;

/** Runs the suite's cases on a PostgreSQL and judges what comes out. */
public final class Conformance {

    private static final Pattern INSTANT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2})");

    private Conformance() {}

    /** Runs all cases of all files; nothing is stored. */
    public static Report run(List<SuiteFile> files, Connection connection) {
        Map<String, List<Verdict>> verdicts = new LinkedHashMap<>();
        for (SuiteFile file : files) {
            List<Verdict> list = new ArrayList<>();
            file.cases().forEach(c -> list.add(run(c, file, connection)));
            verdicts.put(file.name(), list);
        }
        return new Report(verdicts);
    }

    /** Runs one case. */
    public static Verdict run(Case test, SuiteFile file, Connection connection) {
        ViewRun run;
        try {
            run = ViewRun.of(file.name(), test.view(), file.resources(), Integer.MAX_VALUE, Reading.STRICT, connection);
        } catch (Failure e) {
            return failed(test, e.what(), isRejection(e));
        } catch (SQLException e) {
            String message = String.valueOf(e.getMessage());
            Optional<Raised> raised = Raised.in(message);
            return failed(test, raised.map(Raised::what).orElse(message), raised.isPresent());
        }
        return test.expected().error()
                ? new Failed(test, "expected an error, found " + run.rows().size() + " rows")
                : judged(test, run);
    }

    /** A view that is valid and that we cannot run fails for the wrong reason. */
    private static boolean isRejection(Failure e) {
        return e.kind() == Failure.Kind.USAGE && !e.what().contains("is not supported");
    }

    private static Verdict failed(Case test, String why, boolean rightKind) {
        if (test.expected().error()) {
            return rightKind ? new Passed(test) : new Failed(test, "an error of the wrong kind: " + why);
        }
        return new Failed(test, why);
    }

    private static Verdict judged(Case test, ViewRun run) {
        Expectation expected = test.expected();
        List<String> columns = run.columns().stream().map(Column::name).toList();
        List<String> rows = sorted(run.rows());
        if (expected.count().isPresent() && expected.count().get() != rows.size()) {
            return new Different(
                    test, "expected " + expected.count().get() + " rows, found " + rows.size(), run.rows());
        }
        if (expected.columns().isPresent() && !expected.columns().get().equals(columns)) {
            return new Different(
                    test, "expected columns " + expected.columns().get() + ", found " + columns, run.rows());
        }
        if (expected.rows().isPresent() && !sorted(expected.rows().get()).equals(rows)) {
            return new Different(test, "other rows than expected", run.rows());
        }
        return new Passed(test);
    }

    private static List<String> sorted(List<JsonNode> rows) {
        return rows.stream().map(Conformance::canonical).sorted().toList();
    }

    /** The same for rows whose columns have equal values, whatever the order of the columns. */
    private static String canonical(JsonNode value) {
        if (value.isObject()) {
            Map<String, String> members = new TreeMap<>();
            value.properties().forEach(member -> members.put(member.getKey(), canonical(member.getValue())));
            return members.toString();
        }
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(canonical(item)));
            return items.toString();
        }
        if (value.isNumber()) {
            return value.decimalValue().stripTrailingZeros().toPlainString();
        }
        return value.isTextual() && INSTANT.matcher(value.asText()).matches()
                ? OffsetDateTime.parse(value.asText()).toInstant().toString()
                : value.toString();
    }
}
