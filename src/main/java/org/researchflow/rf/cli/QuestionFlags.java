package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.Breakdown;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.Dimension;
import org.researchflow.rf.cohort.SmallCells;
import org.researchflow.rf.config.ConfigKey;
import org.researchflow.rf.config.ConfigValue;
import org.researchflow.rf.config.Configuration;
import org.researchflow.rf.fhir.Suggestion;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.RunnerName;
import org.researchflow.rf.serving.Serving;
import org.researchflow.rf.serving.ServingOptions;
import org.researchflow.rf.serving.SqlQuestion;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what is told of a cohort, and how it is found. */
final class QuestionFlags implements PlainOptions {

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
            description =
                    "With --rows: the view that the rows are of. Without it and without criteria, rf query prints all"
                            + " of the view's rows.")
    private @Nullable String view;

    @Mixin
    private MinCellFlag minCell = new MinCellFlag();

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
    public void fill(PlainLine line) {
        ids = line.flag("--ids");
        by = line.value("--by");
        rows = line.flag("--rows");
        view = line.value("--view");
        minCell.fill(line);
        runner = line.choice(RunnerName.values(), "--runner");
        answers.fill(line);
        showSql = line.flag("--show-sql");
        explain = line.flag("--explain");
        countByView = line.flag("--count-by-view");
    }

    /** The view of which all rows are asked for, if that is so. */
    Optional<String> wholeView() {
        return rows ? Optional.empty() : Optional.ofNullable(view);
    }

    boolean showSql() {
        return showSql;
    }

    AnswerFlags answers() {
        return answers;
    }

    /** Requires that nothing is asked of a cohort beside the rows of a view. */
    void requireOnlyView(Configuration configuration) {
        if (ids || explain || countByView || by != null || !columns.isEmpty()) {
            throw noCohort();
        }
        SmallCells small = minCell.smallCells(configuration);
        if (small.areWithheld()) {
            throw Failure.usage("--view prints rows of however few patients")
                    .note("from", "--min-cell or RF_MIN_CELL: " + small.least())
                    .note("try", "rf query --rows --view " + view);
        }
    }

    /** Requires that nothing is asked of a cohort where SQL says what is asked. */
    void requireOnlySql(Configuration configuration, String query) {
        if (ids || rows || view != null || explain || countByView || by != null || !columns.isEmpty()) {
            throw Failure.usage(query + " is a SQLQuery: its SQL says what is printed")
                    .note("why", "--ids, --by, --rows, --view and --explain are about cohorts");
        }
        SmallCells small = minCell.smallCells(configuration);
        if (small.areWithheld()) {
            throw Failure.usage("a SQLQuery prints rows of however few patients")
                    .note("from", "--min-cell or RF_MIN_CELL: " + small.least())
                    .note("try", "a cohort, such as  rf query --gender male --by age-band");
        }
    }

    /** Runs a SQLQuery and prints its rows. */
    void run(Invocation rf, Workplace workplace, SqlQuestion sql) throws IOException, SQLException {
        requireOnlySql(rf.configuration(), sql.query().name());
        try (ConfiguredSpeed speed = ConfiguredSpeed.ahead(rf, runner(rf))) {
            ServingOptions options =
                    answers.options(rf.configuration(), speed.side()).asking("a SQLQuery");
            Relations relations = new ViewRows(rf, workplace.serving(runner(rf), options), showSql).print(sql);
            answers.require(relations, rf.clock().instant());
        }
    }

    Failure noCohort() {
        return Failure.usage("--view prints a view's rows; it does not go with --ids, --explain or a criterion such as"
                        + " --gender or --code")
                .note("try", "rf query --view " + view + " --where 'column operator value'")
                .note("try", "--rows prints those about the patients of a cohort");
    }

    /** Requires that these are options of one answer. */
    void requireOneAnswer(Configuration configuration) {
        if (!columns.isEmpty() && !rows) {
            throw Failure.usage("--columns goes with --rows").note("try", "rf query --rows --columns id,gender");
        }
        if (view != null && !rows) {
            throw Failure.usage("--view goes with --rows").note("try", "--rows --view " + view);
        }
        int kinds = (ids ? 1 : 0) + (rows ? 1 : 0) + (by != null ? 1 : 0) + (explain || countByView ? 1 : 0);
        if (kinds > 1) {
            throw Failure.usage("--ids, --rows, --by and --explain or --count-by-view are different answers")
                    .note("try", "one after the other");
        }
        SmallCells small = minCell.smallCells(configuration);
        if (small.areWithheld() && explain && countByView) {
            throw Failure.usage("--explain and --count-by-view together can tell how few there are")
                    .note("from", "--min-cell or RF_MIN_CELL: " + small.least())
                    .note("try", "one of them");
        }
    }

    /** Asks the question and prints the answer. */
    void ask(Invocation rf, Workplace workplace, Cohort cohort, CohortFlags criteria) throws IOException, SQLException {
        try (ConfiguredSpeed speed = ConfiguredSpeed.ahead(rf, runner(rf))) {
            ServingOptions options =
                    answers.options(rf.configuration(), speed.side()).asking(cohort);
            Serving serving = workplace.serving(runner(rf), options);
            answers.require(answer(rf, serving, cohort, criteria), rf.clock().instant());
        }
    }

    /** Prints the answer and returns where it came from. */
    private Relations answer(Invocation rf, Serving serving, Cohort cohort, CohortFlags criteria)
            throws IOException, SQLException {
        SmallCells small = minCell.smallCells(rf.configuration());
        List<Dimension> dimensions = by == null ? List.of() : Dimension.parse(by);
        criteria.requireDayUsed(dimensions.contains(Dimension.AGE_BAND));
        if (!dimensions.isEmpty()) {
            Breakdown breakdown = new Breakdown(dimensions, day(rf, dimensions, cohort, criteria));
            return new CohortCells(rf, serving, small, showSql).print(cohort, breakdown);
        }
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

    /** The day of the age bands: the one that is named, or else that of the cohort's own ages. */
    private static LocalDate day(Invocation rf, List<Dimension> dimensions, Cohort cohort, CohortFlags criteria) {
        LocalDate today = LocalDate.now(rf.clock());
        return criteria.namesDay() || !dimensions.contains(Dimension.AGE_BAND)
                ? criteria.at(() -> today)
                : cohort.day().orElse(today);
    }

    RunnerName runner(Invocation rf) {
        ConfigValue value = rf.configuration()
                .require(ConfigKey.RUNNER, Optional.ofNullable(runner).map(RunnerName::toString));
        String text = value.text();
        if (ConfigKey.RUNNER.form().fits(text)) {
            return RunnerName.valueOf(text.toUpperCase(Locale.ROOT));
        }
        List<String> known =
                Stream.of(RunnerName.values()).map(RunnerName::toString).toList();
        Failure failure =
                Failure.usage("no runner named \"" + Printable.line(text) + '"').note("from", value.origin());
        Suggestion.nearest(text, known)
                .ifPresentOrElse(
                        near -> failure.note("did you mean", near),
                        () -> failure.note("try", String.join(", ", known)));
        throw failure;
    }
}
