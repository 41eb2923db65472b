package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.Breakdown;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortFile;
import org.researchflow.rf.cohort.Dimension;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.serving.SpeedSide;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code rf query}. */
@Command(
        description = {
            "Counts the patients of a cohort, or prints the rows of a view.",
            "Different criteria must all be met; the values of one criterion are alternatives. --code and --text name one"
                    + " concept together: any of the codes, or the words. Deleted patients never count, nor does what was"
                    + " entered in error. Every answer names the moment up to which it is complete.",
            "A partial date is a range of days: whoever certainly meets the criteria counts, and a warning says of how many"
                    + " it can't be decided.",
            "What changed since the views were refreshed is merged in, exactly: from the speed layer where it proves that"
                    + " it misses nothing, else from the server's tables. RF_USE_SPEED_LAYER=false (USE_SPEED_LAYER) leaves"
                    + " it out."
        },
        footer = {
            "rf query --gender male --code 44054006",
            "rf query --code 'snomed|44054006' --text diabetes --age 40..65 --at 2020-12-31",
            "rf query --code 59621000 --not-code 44054006 --since 2010 --explain",
            "rf query -f docs/examples/cohort.yaml --gender female",
            "rf query --lab '4548-4>6.5 %' --medication 'rxnorm|860975' --ids",
            "rf query --code 44054006 --by gender,age-band --min-cell 11",
            "rf query --gender male --by code,year -o csv",
            "rf query --code 44054006 --rows --columns id,gender,birth_date -o csv",
            "rf query --code 44054006 --rows --view condition_simple --columns patient_id,code -o ndjson",
            "rf query --view condition_simple --where 'code = 44054006' --limit 10",
            "rf query --view condition_simple --changed-since 24h",
            "rf query --gender female --runner postgres -o json",
            "rf query --gender male --code 44054006 --require-complete --max-staleness 5m"
        })
final class QueryCommand implements Action {

    @Mixin
    private CohortFlags criteria = new CohortFlags();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description =
                    "A cohort in a JSON or YAML file, with groups all, any and none; criteria beside it must be met,"
                            + " too.")
    private @Nullable String file;

    @Option(names = "--ids", description = "Print the keys of the patients instead of their number.")
    private boolean ids;

    @Option(
            names = "--by",
            paramLabel = "WHAT,...",
            description =
                    "Count the patients apart by gender, age-band, code and year, or some of these. code and year are"
                            + " those of all of a patient's conditions but what was entered in error: a patient counts once for"
                            + " each code or year, and where none is known, too.")
    private @Nullable String by;

    @Mixin
    private MinCellFlag minCell = new MinCellFlag();

    @Option(
            names = "--rows",
            description = "Print the rows about the patients instead of their number: of --view NAME, or of a view of"
                    + " patients, ordered by patient.")
    private boolean rows;

    @Option(
            names = "--columns",
            paramLabel = "NAME,...",
            split = ",",
            description = "With --rows: these columns of the view (default: all).")
    private List<String> columns = new ArrayList<>();

    @Option(
            names = "--view",
            paramLabel = "NAME",
            description = "Print the rows of this view; with --rows those about the patients.")
    private @Nullable String view;

    @Option(
            names = "--where",
            paramLabel = "CONDITION",
            description = "With --view: only rows that meet 'column operator value'; given again, all must hold.")
    private List<String> conditions = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", description = "With --view: at most so many rows.")
    private @Nullable Long limit;

    @Option(
            names = "--changed-since",
            paramLabel = "TIME",
            description =
                    "With --view: only rows of resources written at that time or later, by the server's own clock:"
                            + " 2026-11-20, 2026-11-20T05:00:00Z, or 24h ago. What was written late may become visible later, so"
                            + " that who follows changes asks with some overlap.")
    private @Nullable String since;

    @Option(
            names = "--runner",
            paramLabel = "RUNNER",
            description = "Who executes: hybrid, materialized, postgres or speed (VIEWDEF_RUNNER, RF_RUNNER; default:"
                    + " hybrid). hybrid merges the materialized views with what changed since, and computes on the fly"
                    + " what is not materialized; materialized reads the views as they are, postgres computes everything,"
                    + " speed looks only at what the speed layer holds.")
    private @Nullable RunnerName runner;

    @Mixin
    private AnswerFlags answers = new AnswerFlags();

    @Option(names = "--show-sql", description = "Print the SQL, too.")
    private boolean showSql;

    @Option(
            names = "--explain",
            description = "Say how many patients each criterion leaves, and which columns of which view serve it.")
    private boolean explain;

    @Option(
            names = "--count-by-view",
            description = "Say how many patients each view has for the criterion that it serves, whatever the others.")
    private boolean countByView;

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        try (ConfiguredSpeed speed = ConfiguredSpeed.of(rf)) {
            return run(rf, speed.side());
        }
    }

    private ExitCode run(Invocation rf, SpeedSide speed) throws IOException, SQLException {
        Workplace workplace = Workplace.of(rf);
        Serving serving = workplace.serving(
                runner(rf),
                answers.options(rf.environment(), speed)
                        .writtenSince(Optional.ofNullable(since)
                                .map(text -> TimeText.moment("--changed-since", text, rf.clock()))));
        SmallCells small = minCell.smallCells(rf.environment());
        if (view != null && !rows) {
            requireNoCriteria(small);
            Relations relations = new ViewRows(rf, serving, showSql)
                    .print(view, conditions.stream().map(RowFilter::parse).toList(), Optional.ofNullable(limit));
            answers.require(relations, rf.clock().instant());
            return ExitCode.DONE;
        }
        requireOneAnswer(small);
        answers.require(answer(rf, serving, small), rf.clock().instant());
        return ExitCode.DONE;
    }

    /** Prints the answer that is asked for, and returns where it came from. */
    private Relations answer(Invocation rf, Serving serving, SmallCells small) throws IOException, SQLException {
        LocalDate today = LocalDate.now(rf.clock());
        Cohort cohort = cohort(today);
        if (by != null) {
            Breakdown breakdown = new Breakdown(Dimension.parse(by), criteria.at(today));
            requireDayUsed(breakdown.dimensions().contains(Dimension.AGE_BAND));
            return new CohortCells(rf, serving, small, showSql).print(cohort, breakdown);
        }
        requireDayUsed(false);
        if (rows) {
            return new CohortRows(rf, serving, small, showSql)
                    .print(
                            cohort,
                            Optional.ofNullable(view),
                            columns.stream().map(String::strip).toList());
        }
        CohortAnswer answer =
                new CohortAnswer(rf, serving, new CohortAnswer.Detail(showSql, explain, countByView), small);
        if (ids) {
            answer.printIds(cohort);
        } else {
            answer.printCount(cohort);
        }
        return answer.relations();
    }

    private void requireDayUsed(boolean used) {
        if (criteria.hasOnlyDay() && !used) {
            throw Failure.usage("--at goes with --age or --by age-band").note("try", "--age 40..65 --at 2020-12-31");
        }
    }

    private void requireOneAnswer(SmallCells small) {
        if (!conditions.isEmpty() || limit != null || since != null) {
            throw Failure.usage((limit != null ? "--limit" : since != null ? "--changed-since" : "--where")
                            + " goes with --view, and not with --rows")
                    .note("try", "rf query --view condition_simple --where 'code = 44054006' --limit 10");
        }
        if (!columns.isEmpty() && !rows) {
            throw Failure.usage("--columns goes with --rows").note("try", "rf query --rows --columns id,gender");
        }
        boolean steps = explain || countByView;
        if ((ids ? 1 : 0) + (rows ? 1 : 0) + (by != null ? 1 : 0) > 1 || ((ids || rows || by != null) && steps)) {
            throw Failure.usage("--ids, --rows, --by and --explain or --count-by-view are different answers")
                    .note("try", "one after the other");
        }
        if (small.areWithheld() && explain && countByView) {
            throw Failure.usage("--explain and --count-by-view together can tell how few there are")
                    .note("from", "--min-cell " + small.least())
                    .note("try", "one of them");
        }
    }

    private Cohort cohort(LocalDate today) {
        if (file == null) {
            return criteria.cohort(today);
        }
        Cohort read = CohortFile.read(file, CodesFile.text(file), today);
        return criteria.isEmpty() ? read : criteria.cohort(today).and(read);
    }

    private void requireNoCriteria(SmallCells small) {
        if (!criteria.isEmpty() || file != null || ids || explain || countByView || by != null || !columns.isEmpty()) {
            throw Failure.usage(
                            "--view prints a view's rows; it does not go with --ids, --explain or a criterion such as"
                                    + " --gender or --code")
                    .note("try", "rf query --view " + view + " --where 'column operator value'")
                    .note("try", "--rows prints those about the patients of a cohort");
        }
        if (small.areWithheld()) {
            throw Failure.usage("--view prints rows of however few patients")
                    .note("from", "--min-cell or RF_MIN_CELL: " + small.least())
                    .note("try", "rf query --rows --view " + view);
        }
        if (limit != null && limit < 0) {
            throw Failure.usage("--limit must not be negative");
        }
    }

    private RunnerName runner(Invocation rf) {
        if (runner != null) {
            return runner;
        }
        for (String variable : List.of("RF_RUNNER", "VIEWDEF_RUNNER")) {
            Optional<String> value = rf.environment().get(variable).filter(v -> !v.isBlank());
            if (value.isPresent()) {
                return named(value.get().strip(), variable);
            }
        }
        return RunnerName.HYBRID;
    }

    private static RunnerName named(String value, String variable) {
        List<String> known = new ArrayList<>();
        for (RunnerName name : RunnerName.values()) {
            known.add(name.name().toLowerCase(Locale.ROOT));
            if (name.name().equalsIgnoreCase(value)) {
                return name;
            }
        }
        Failure failure = Failure.usage("no runner named \"" + value + '"').note("from", variable);
        Suggestion.nearest(value, known)
                .ifPresentOrElse(
                        near -> failure.note("did you mean", near),
                        () -> failure.note("try", String.join(", ", known)));
        throw failure;
    }
}
