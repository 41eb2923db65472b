package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.cohort.Attrition;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortSql;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.cohort.Source;
import org.researchflow.rf.serving.Serving;

/**
 * How a cohort comes about, with numbers.
 *
 * @param rf where it is printed
 * @param steps all patients, and each criterion in turn
 * @param small the numbers that are not told
 */
record CohortSteps(Invocation rf, List<Step> steps, SmallCells small) {

    private static final int BAR = 20;

    /**
     * One criterion.
     *
     * @param left how many patients meet it and all before it; empty if that is not told
     * @param alone how many meet it, whatever the others; empty if that is not told
     */
    record Step(String words, List<Source> sources, Optional<Long> left, Optional<Long> alone) {}

    /** Asks how the cohort comes about of which that was found. */
    static CohortSteps ask(Invocation rf, Serving serving, Cohort cohort, CohortDoubts.Found found, SmallCells small) {
        AtomicReference<List<Attrition.Step>> asked = new AtomicReference<>(List.of());
        List<Long> numbers = serving.answer(
                        views -> {
                            Attrition attrition = CohortSql.attrition(cohort, views);
                            asked.set(attrition.steps());
                            return attrition.question();
                        },
                        (rows, _) -> {
                            rows.next();
                            List<Long> row = new ArrayList<>();
                            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                                row.add(rows.getLong(i));
                            }
                            return row;
                        },
                        new Provenance(rf)::watch)
                .result();
        List<Long> left = new ArrayList<>();
        List<Long> alone = new ArrayList<>();
        for (int at = 0; at < asked.get().size(); at++) {
            left.add(numbers.get(Math.max(0, 2 * at - 1)));
            alone.add(numbers.get(2 * at));
        }
        List<Boolean> withheld = small.withheldSteps(left, found.patients());
        List<Step> steps = new ArrayList<>();
        for (Attrition.Step step : asked.get()) {
            int at = steps.size();
            boolean few = small.hides(alone.get(at)) || small.hides(alone.get(at), found.patients());
            steps.add(new Step(
                    step.words(),
                    step.sources(),
                    withheld.get(at) ? Optional.empty() : Optional.of(left.get(at)),
                    few ? Optional.empty() : Optional.of(alone.get(at))));
        }
        return new CohortSteps(rf, List.copyOf(steps), small);
    }

    /** For programs. */
    List<Map<String, @Nullable Object>> explanation() {
        return steps.stream()
                .map(step -> {
                    Map<String, @Nullable Object> members = new LinkedHashMap<>();
                    members.put("criterion", step.words());
                    members.put("left", step.left().orElse(null));
                    // Together with what is left it could tell of few.
                    if (!small.areWithheld()) {
                        members.put("alone", step.alone().orElse(null));
                    }
                    members.put(
                            "views",
                            step.sources().stream()
                                    .filter(Source::serves)
                                    .map(source -> Map.of("name", source.view(), "columns", source.columns()))
                                    .toList());
                    members.put(
                            "passedOver",
                            step.sources().stream()
                                    .filter(source -> !source.serves())
                                    .map(source -> Map.of("name", source.view(), "lacks", source.columns()))
                                    .toList());
                    return members;
                })
                .toList();
    }

    /** For programs: how many patients a view has for the criterion that it serves. */
    List<Map<String, @Nullable Object>> byView() {
        return steps.stream()
                .skip(steps.size() > 1 ? 1 : 0)
                .map(step -> {
                    Map<String, @Nullable Object> members = new LinkedHashMap<>();
                    members.put("view", names(step));
                    members.put("criterion", step.words());
                    members.put("patients", step.alone().orElse(null));
                    return members;
                })
                .toList();
    }

    private static String names(Step step) {
        return step.sources().stream().filter(Source::serves).map(Source::view).collect(Collectors.joining(", "));
    }

    /** For people: what is left, with a bar on a terminal, and below each criterion what serves it. */
    String explained() {
        Wording wording = rf.output().wording();
        int words = width(steps.stream().map(Step::words).toList());
        int number = Math.max(
                "LEFT".length(),
                width(steps.stream().map(step -> number(step.left())).toList()));
        long all = steps.stream()
                .flatMap(step -> step.left().stream())
                .mapToLong(Long::longValue)
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder(padded("", words) + "  " + " ".repeat(number - 4) + "LEFT\n");
        for (Step step : steps) {
            String left = number(step.left());
            text.append(padded(step.words(), words))
                    .append("  ")
                    .append(" ".repeat(number - left.length()))
                    .append(left)
                    .append(wording.exact() ? "" : "  " + bar(step.left().orElse(0L), all))
                    .append('\n');
            for (Source source : step.sources()) {
                text.append(source.serves() ? "  from " : "  not ")
                        .append(source.view())
                        .append(source.serves() ? ": " : ", which has no column for ")
                        .append(String.join(", ", source.columns()))
                        .append('\n');
            }
        }
        return text.append("of the views that hold all that is asked, the first: materialized before computed, those of"
                        + " rf before others, then by name\n\n")
                .toString();
    }

    private String number(Optional<Long> patients) {
        return patients.map(rf.output().wording()::count).orElse("-");
    }

    private static String bar(long left, long all) {
        long full = all == 0 ? 0 : (left * BAR + all - 1) / all;
        return "█".repeat(Math.toIntExact(full));
    }

    /** For people. */
    String views() {
        List<Step> served = steps.size() > 1 ? steps.subList(1, steps.size()) : steps;
        int views = Math.max(4, width(served.stream().map(CohortSteps::names).toList()));
        int words = Math.max(9, width(served.stream().map(Step::words).toList()));
        int number = Math.max(
                8, width(served.stream().map(step -> number(step.alone())).toList()));
        StringBuilder text = new StringBuilder(padded("VIEW", views) + "  " + padded("CRITERION", words) + "  "
                + " ".repeat(number - 8) + "PATIENTS\n");
        for (Step step : served) {
            String patients = number(step.alone());
            text.append(padded(names(step), views))
                    .append("  ")
                    .append(padded(step.words(), words))
                    .append("  ")
                    .append(" ".repeat(number - patients.length()))
                    .append(patients)
                    .append('\n');
        }
        return text.append('\n').toString();
    }

    private static int width(List<String> texts) {
        return texts.stream().mapToInt(DisplayWidth::of).max().orElse(0);
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(width - DisplayWidth.of(text));
    }
}
