package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.RowFilter;
import org.researchflow.rf.serving.Relations;
import org.researchflow.rf.serving.Serving;
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
            "rf query --code 44054006 --rows --view condition_simple --columns patient_id",
            "rf query save diabetic-men --gender male --code 44054006",
            "rf query run diabetic-men --by age-band",
            "rf query --view condition_simple --where 'code = 44054006' --limit 10",
            "rf query --view condition_simple --changed-since 24h",
            "rf query --gender female --runner postgres -o json",
            "rf query --gender male --code 44054006 --require-complete --max-staleness 5m"
        })
final class QueryCommand implements Action, PlainOptions {

    @Mixin
    private CohortFlags criteria = new CohortFlags();

    @Option(
            names = {"-f", "--file"},
            paramLabel = "FILE",
            description =
                    "A cohort in a JSON or YAML file, with groups all, any and none; criteria beside it must be met,"
                            + " too.")
    private @Nullable String file;

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

    @Mixin
    private QuestionFlags question = new QuestionFlags();

    @Override
    public void fill(PlainLine line) {
        criteria.fill(line);
        file = line.value("-f", "--file");
        conditions = line.values("--where");
        since = line.value("--changed-since");
        question.fill(line);
    }

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Workplace workplace = Workplace.of(rf);
        Optional<String> view = question.wholeView();
        if (view.isPresent()) {
            printRows(rf, workplace, view.get());
            return ExitCode.DONE;
        }
        question.requireOneAnswer(rf.configuration());
        if (!conditions.isEmpty() || limit != null || since != null) {
            throw Failure.usage((limit != null ? "--limit" : since != null ? "--changed-since" : "--where")
                            + " goes with --view, and not with --rows")
                    .note("try", "rf query --view condition_simple --where 'code = 44054006' --limit 10");
        }
        question.ask(
                rf, workplace, criteria.cohort(Optional.ofNullable(file), () -> LocalDate.now(rf.clock())), criteria);
        return ExitCode.DONE;
    }

    private void printRows(Invocation rf, Workplace workplace, String view) throws IOException, SQLException {
        if (!criteria.isEmpty() || file != null) {
            throw question.noCohort();
        }
        question.requireOnlyView(rf.configuration());
        if (limit != null && limit < 0) {
            throw Failure.usage("--limit must not be negative");
        }
        AnswerFlags answers = question.answers();
        try (ConfiguredSpeed speed = ConfiguredSpeed.ahead(rf, question.runner(rf))) {
            Serving serving = workplace.serving(
                    question.runner(rf),
                    answers.options(rf.configuration(), speed.side())
                            .asking("rows of a view")
                            .writtenSince(Optional.ofNullable(since)
                                    .map(text -> TimeText.moment("--changed-since", text, rf.clock()))));
            Relations relations = new ViewRows(rf, serving, question.showSql())
                    .print(view, conditions.stream().map(RowFilter::parse).toList(), Optional.ofNullable(limit));
            answers.require(relations, rf.clock().instant());
        }
    }
}
