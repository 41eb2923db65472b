package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortFile;
import org.researchflow.rf.cohort.CohortText;
import org.researchflow.rf.serving.SavedQueries;
import org.researchflow.rf.serving.SavedQuery;
import org.researchflow.rf.serving.SqlQuestion;
import org.researchflow.rf.view.Definitions;
import org.researchflow.rf.view.SqlQuery;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is below {@code rf query}: questions by name. */
final class SavedQueryCommands {

    /** Stands for the day on which a question is asked; nobody asks of ages on it. */
    private static final LocalDate DAY_OF_ASKING = LocalDate.of(1, 1, 1);

    private SavedQueryCommands() {}

    private static SavedQueries queries(Invocation rf) {
        return new SavedQueries(Workplace.of(rf).database());
    }

    private static Cohort cohort(SavedQuery query, LocalDate today) {
        return CohortFile.read("the saved query " + query.name(), query.definition(), today);
    }

    /** {@code rf query save}. */
    @Command(
            description = {
                "Keeps a cohort or a SQLQuery under a name, in the database, for all who use it.",
                "The codes of files are kept with it. Ages are of the day on which it is run, unless --at names one."
                        + " A SQLQuery is a Library in JSON, or SQL whose header names its parameters."
            },
            footer = {
                "rf query save diabetic-men --gender male --code 44054006",
                "rf query save diabetes -f docs/examples/cohort.yaml",
                "rf query save coded -f docs/examples/patients_with_code.sql"
            })
    static final class Save implements Action {

        @Parameters(paramLabel = "NAME", description = "Letters, digits, - and _; a letter first.")
        private String name = "";

        @Mixin
        private CohortFlags criteria = new CohortFlags();

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "A cohort in a JSON or YAML file; criteria beside it must be met, too. Or a SQLQuery.")
        private @Nullable String file;

        @Option(names = "--description", paramLabel = "TEXT", description = "What it is for.")
        private @Nullable String description;

        @Option(names = "--replace", description = "Another query of that name gives way.")
        private boolean replace;

        @Override
        public ExitCode run(Invocation rf) {
            if (!name.matches("[A-Za-z][A-Za-z0-9_-]{0,62}")) {
                throw Failure.usage("a query cannot have the name \"" + Printable.line(name) + '"')
                        .note("why", "letters, digits, - and _, a letter first, at most 63")
                        .note("try", "rf query save diabetic-men --gender male --code 44054006");
            }
            if (criteria.isEmpty() && file == null) {
                throw Failure.usage("there is no criterion to save")
                        .note("try", "rf query save " + name + " --gender male --code 44054006");
            }
            String text = file == null ? "" : CodesFile.text(file);
            SavedQueries.Saving saving =
                    file != null && Definitions.isSql(file, text) ? saveSql(rf, file, text) : saveCohort(rf);
            CompletionNames.of(rf).add(CompletionNames.Kind.QUERIES, List.of(name));
            String done = saving.name().toLowerCase(Locale.ROOT);
            rf.output()
                    .document(
                            "rf.saved-query/v1",
                            Map.of("name", name, "result", done),
                            rf.here().in(name + " " + done + ";  rf query run " + name));
            return ExitCode.DONE;
        }

        private SavedQueries.Saving saveCohort(Invocation rf) {
            criteria.requireDayUsed(false);
            Cohort cohort = criteria.cohort(Optional.ofNullable(file), () -> DAY_OF_ASKING);
            String definition = JsonText.of(CohortText.of(cohort, DAY_OF_ASKING));
            return queries(rf).save(name, SavedQueries.COHORT, definition, Optional.ofNullable(description), replace);
        }

        private SavedQueries.Saving saveSql(Invocation rf, String from, String text) {
            SqlQuery query = Definitions.sqlQuery(from, text);
            requireNoCriteria(criteria, query.name());
            return queries(rf)
                    .save(
                            name,
                            SavedQueries.SQL_QUERY,
                            text,
                            Optional.ofNullable(description).or(query::description),
                            replace);
        }
    }

    /** What a query asks, in words. */
    private static String inWords(SavedQuery query, LocalDate today) {
        return query.kind().equals(SavedQueries.SQL_QUERY)
                ? SqlQueryText.inWords(Definitions.savedQuery(query.name(), query.definition()))
                : cohort(query, today).inWords();
    }

    /** {@code rf query list}. */
    @Command(
            description = "Lists the queries that are kept by name.",
            footer = {"rf query list", "rf query list -o json"})
    static final class Listing implements Action {
        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            List<SavedQuery> all = queries(rf).all();
            CompletionNames.of(rf)
                    .keep(
                            CompletionNames.Kind.QUERIES,
                            all.stream().map(SavedQuery::name).toList());
            LocalDate today = LocalDate.now(rf.clock());
            Answer shape = Answer.of(
                    "rf.saved-queries/v1",
                    "queries",
                    Field.text("NAME", "name"),
                    Field.text("KIND", "kind"),
                    Field.text("QUESTION", "question"),
                    Field.text("DESCRIPTION", "description"),
                    Field.text("BY", "saved_by"),
                    Field.age("SAVED", "saved_at"));
            rf.output().rows(shape, sink -> {
                for (SavedQuery query : all) {
                    sink.row(
                            query.name(),
                            query.kind(),
                            inWords(query, today),
                            query.description().orElse(null),
                            query.savedBy(),
                            query.savedAt());
                }
                sink.footer(rf.output().wording().count(all.size()) + (all.size() == 1 ? " query" : " queries"));
            });
            return ExitCode.DONE;
        }
    }

    /** {@code rf query describe}. */
    @Command(
            description = "Says what a query asks that is kept by name, or a SQLQuery in a file.",
            footer = {
                "rf query describe diabetic-men",
                "rf query describe diabetic-men -o json",
                "rf query describe docs/examples/patients_with_code.sql"
            })
    static final class Describe implements Action {

        @Parameters(paramLabel = "NAME|FILE", description = "A saved query, or else a SQLQuery in a file.")
        private String name = "";

        @Override
        public ExitCode run(Invocation rf) {
            if (isFile(name)) {
                SqlQuery query = Definitions.sqlQuery(name, CodesFile.text(name));
                rf.output().document("rf.sql-query/v1", SqlQueryText.document(query), SqlQueryText.text(query));
                return ExitCode.DONE;
            }
            SavedQuery query = queries(rf).named(name);
            boolean sql = query.kind().equals(SavedQueries.SQL_QUERY);
            Map<String, @Nullable Object> content = new LinkedHashMap<>();
            content.put("name", query.name());
            content.put("kind", query.kind());
            String question = inWords(query, LocalDate.now(rf.clock()));
            content.put("question", question);
            content.put("description", query.description().orElse(null));
            content.put("definition", query.definition());
            content.put("savedBy", query.savedBy());
            content.put("savedAt", query.savedAt());
            Optional<SqlQuery> parsed =
                    sql ? Optional.of(Definitions.savedQuery(query.name(), query.definition())) : Optional.empty();
            parsed.ifPresent(found -> SqlQueryText.document(found).forEach(content::putIfAbsent));
            rf.output()
                    .document(
                            "rf.saved-query/v1",
                            content,
                            query.name() + ": " + question
                                    + query.description()
                                            .map(text -> "\n" + text)
                                            .orElse("")
                                    + "\nsaved by " + query.savedBy() + ", "
                                    + rf.output().wording().time(query.savedAt()) + "\n"
                                    + parsed.map(SqlQueryText::text).orElse(query.definition()));
            return ExitCode.DONE;
        }
    }

    /** {@code rf query delete}. */
    @Command(
            description = {"Forgets a query that was kept by name.", "On a terminal it asks; elsewhere --yes is needed."
            },
            footer = {"rf query delete diabetic-men", "rf query delete diabetic-men --yes"})
    static final class Delete implements Action {

        @Parameters(paramLabel = "NAME", description = "The query.")
        private String name = "";

        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        public ExitCode run(Invocation rf) throws IOException {
            SavedQueries queries = queries(rf);
            queries.named(name);
            confirmation.require(
                    rf,
                    "rf query delete",
                    List.of(name),
                    "deleted",
                    List.of(Confirmation.Question.named("delete " + name, name)));
            queries.delete(name);
            CompletionNames.of(rf).remove(CompletionNames.Kind.QUERIES, List.of(name));
            rf.messages().remark("deleted " + name);
            return ExitCode.DONE;
        }
    }

    private static boolean isFile(String name) {
        try {
            return name.contains("/") || name.contains(".") || Files.exists(Path.of(name));
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static void requireNoCriteria(CohortFlags criteria, String query) {
        if (!criteria.isEmpty()) {
            throw Failure.usage("criteria such as --gender go with a cohort, and " + query + " is a SQLQuery")
                    .note("try", "a condition in its SQL, with a parameter");
        }
    }

    /** {@code rf query run}. */
    @Command(
            description = {
                "Asks a question that is kept by name or in a file.",
                "Criteria beside a cohort must be met, too. A SQLQuery is a Library in JSON, or SQL with a header; its"
                        + " parameters are given with --param, and bound: a value never becomes part of the SQL. The"
                        + " ViewDefinitions that it depends on are read by the runner, live by default; SQLViews are as of"
                        + " their last refresh."
            },
            footer = {
                "rf query run diabetic-men",
                "rf query run diabetic-men --age 40..65 --by age-band --min-cell 11",
                "rf query run docs/examples/cohort.yaml --ids",
                "rf query run docs/examples/patients_with_code.sql --param code=44054006"
            })
    static final class Run implements Action {

        @Parameters(
                paramLabel = "NAME|FILE",
                description = "A saved query, or else a cohort in a JSON or YAML file, or a SQLQuery.")
        private String name = "";

        @Option(
                names = "--param",
                paramLabel = "NAME=VALUE",
                description = "A value for a parameter of a SQLQuery; may be given several times.")
        private List<String> parameters = new ArrayList<>();

        @Mixin
        private CohortFlags criteria = new CohortFlags();

        @Mixin
        private QuestionFlags question = new QuestionFlags();

        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            Workplace workplace = Workplace.of(rf);
            SavedQueries queries = new SavedQueries(workplace.database());
            Optional<SavedQuery> saved = queries.find(name);
            Optional<String> text =
                    saved.isEmpty() && isFile(name) ? Optional.of(CodesFile.text(name)) : Optional.empty();
            if (text.isPresent() && Definitions.isSql(name, text.get())) {
                runSql(rf, workplace, Definitions.sqlQuery(name, text.get()));
            } else if (text.isPresent()) {
                ask(rf, workplace, today -> CohortFile.read(name, text.get(), today));
            } else {
                SavedQuery query = saved.orElseGet(() -> queries.named(name));
                if (query.kind().equals(SavedQueries.SQL_QUERY)) {
                    runSql(rf, workplace, Definitions.savedQuery(name, query.definition()));
                } else {
                    ask(rf, workplace, today -> cohort(query, today));
                }
            }
            return ExitCode.DONE;
        }

        private void runSql(Invocation rf, Workplace workplace, SqlQuery query) throws IOException, SQLException {
            requireNoCriteria(criteria, query.name());
            question.run(rf, workplace, SqlQuestion.of(query, parameters));
        }

        private void ask(Invocation rf, Workplace workplace, Function<LocalDate, Cohort> read)
                throws IOException, SQLException {
            if (!parameters.isEmpty()) {
                throw Failure.usage("--param goes with a SQLQuery, and " + name + " is a cohort")
                        .note("try", "criteria beside it, such as --gender male");
            }
            question.requireOneAnswer(rf.configuration());
            LocalDate today = LocalDate.now(rf.clock());
            Cohort cohort = read.apply(today);
            question.ask(
                    rf,
                    workplace,
                    criteria.isEmpty() ? cohort : criteria.cohort(() -> today).and(cohort),
                    criteria);
        }
    }
}
