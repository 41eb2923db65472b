package org.researchflow.rf.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.Cohort;
import org.researchflow.rf.cohort.CohortFile;
import org.researchflow.rf.cohort.CohortText;
import org.researchflow.rf.serving.SavedQueries;
import org.researchflow.rf.serving.SavedQuery;
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
                "Keeps a cohort under a name, in the database, for all who use it.",
                "The codes of files are kept with it. Ages are of the day on which it is run, unless --at names one."
            },
            footer = {
                "rf query save diabetic-men --gender male --code 44054006",
                "rf query save diabetes -f docs/examples/cohort.yaml"
            })
    static final class Save implements Action {

        @Parameters(paramLabel = "NAME", description = "Letters, digits, - and _; a letter first.")
        private String name = "";

        @Mixin
        private CohortFlags criteria = new CohortFlags();

        @Option(
                names = {"-f", "--file"},
                paramLabel = "FILE",
                description = "A cohort in a JSON or YAML file; criteria beside it must be met, too.")
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
            criteria.requireDayUsed(false);
            Cohort cohort = criteria.cohort(Optional.ofNullable(file), DAY_OF_ASKING);
            String definition = JsonText.of(CohortText.of(cohort, DAY_OF_ASKING));
            SavedQueries.Saving saving = queries(rf).save(name, definition, Optional.ofNullable(description), replace);
            String done = saving.name().toLowerCase(java.util.Locale.ROOT);
            rf.output()
                    .document(
                            "rf.saved-query/v1",
                            Map.of("name", name, "result", done),
                            name + " " + done + ";  rf query run " + name);
            return ExitCode.DONE;
        }
    }

    /** {@code rf query list}. */
    @Command(
            description = "Lists the queries that are kept by name.",
            footer = {"rf query list", "rf query list -o json"})
    static final class Listing implements Action {
        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            List<SavedQuery> all = queries(rf).all();
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
                            cohort(query, today).inWords(),
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
            description = "Says what a query kept by name asks.",
            footer = {"rf query describe diabetic-men", "rf query describe diabetic-men -o json"})
    static final class Describe implements Action {

        @Parameters(paramLabel = "NAME", description = "The query.")
        private String name = "";

        @Override
        public ExitCode run(Invocation rf) {
            SavedQuery query = queries(rf).named(name);
            Cohort cohort = cohort(query, LocalDate.now(rf.clock()));
            Map<String, @Nullable Object> content = new LinkedHashMap<>();
            content.put("name", query.name());
            content.put("kind", query.kind());
            content.put("question", cohort.inWords());
            content.put("description", query.description().orElse(null));
            content.put("definition", query.definition());
            content.put("savedBy", query.savedBy());
            content.put("savedAt", query.savedAt());
            rf.output()
                    .document(
                            "rf.saved-query/v1",
                            content,
                            query.name() + ": " + cohort.inWords()
                                    + query.description()
                                            .map(text -> "\n" + text)
                                            .orElse("")
                                    + "\nsaved by " + query.savedBy() + ", "
                                    + rf.output().wording().time(query.savedAt()) + "\n" + query.definition());
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

        @Option(
                names = {"-y", "--yes"},
                description = "Do not ask.")
        private boolean yes;

        @Override
        public ExitCode run(Invocation rf) throws IOException {
            SavedQueries queries = queries(rf);
            queries.named(name);
            if (!yes) {
                new Confirmation("rf query delete", "delete", "deleted").require(rf, name);
            }
            queries.delete(name);
            rf.messages().remark("deleted " + name);
            return ExitCode.DONE;
        }
    }

    /** {@code rf query run}. */
    @Command(
            description = {"Asks a question that is kept by name or in a file.", "Criteria beside it must be met, too."
            },
            footer = {
                "rf query run diabetic-men",
                "rf query run diabetic-men --age 40..65 --by age-band --min-cell 11",
                "rf query run docs/examples/cohort.yaml --ids"
            })
    static final class Run implements Action {

        @Parameters(paramLabel = "NAME|FILE", description = "A saved query, or else a cohort in a JSON or YAML file.")
        private String name = "";

        @Mixin
        private CohortFlags criteria = new CohortFlags();

        @Mixin
        private QuestionFlags question = new QuestionFlags();

        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            question.requireOneAnswer(rf.configuration());
            Workplace workplace = Workplace.of(rf);
            LocalDate today = LocalDate.now(rf.clock());
            Cohort read = read(new SavedQueries(workplace.database()), today);
            Cohort cohort = criteria.isEmpty() ? read : criteria.cohort(today).and(read);
            question.ask(rf, workplace, cohort, criteria);
            return ExitCode.DONE;
        }

        private Cohort read(SavedQueries queries, LocalDate today) {
            Optional<SavedQuery> saved = queries.find(name);
            if (saved.isPresent()) {
                return cohort(saved.get(), today);
            }
            if (isFile()) {
                return CohortFile.read(name, CodesFile.text(name), today);
            }
            return cohort(queries.named(name), today);
        }

        private boolean isFile() {
            try {
                return name.contains("/") || name.contains(".") || Files.exists(Path.of(name));
            } catch (InvalidPathException e) {
                return false;
            }
        }
    }
}
