package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.researchflow.rf.Failure;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One small command for each thing that the frame offers to real ones; also an example of how they look. */
final class TrialCommands {

    static final List<CommandEntry> ALL = List.of(
            CommandEntry.of(
                    "Views",
                    "views",
                    Views::new,
                    CommandEntry.of("Look", "list", ListViews::new),
                    CommandEntry.of("Look", "numbers", Numbers::new),
                    CommandEntry.of("Make", "create", Create::new)),
            CommandEntry.of("Ask", "query", Query::new),
            CommandEntry.of("Ask", "settings", Settings::new),
            CommandEntry.of("Learn", "help", HelpCommand::new));

    private TrialCommands() {}

    public static void main(String... args) {
        Host host = Host.ofThisProcess();
        Signals signals = Signals.handledBy(host.cancellation());
        int code = new Main(host, ALL).run(args);
        signals.finished(code);
        System.exit(code);
    }

    @Command(
            description = "Makes and looks after materialized views.",
            footer = {"rf views list"})
    static final class Views {}

    @Command(
            description = {"Lists the views.", "A view is stale when its last refresh is older than a day."},
            footer = {"rf views list", "rf views list -o json"})
    static final class ListViews implements Action {

        private static final Answer ANSWER = Answer.of(
                "rf.views/v1",
                "views",
                Field.text("VIEW", "name"),
                Field.text("RESOURCE", "resource"),
                Field.count("ROWS", "rows"),
                Field.size("SIZE", "sizeBytes"),
                Field.age("REFRESHED", "lastRefreshed"));

        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            Instant refreshed = rf.clock().instant().minusSeconds(125);
            rf.output().rows(ANSWER, sink -> {
                sink.row("patient_demographics", "Patient", 131L, 49_152L, refreshed);
                sink.row("condition_simple", "Condition", 4714L, 761_856L, refreshed);
                sink.row("mv, \"quoted\"\nesc\033[31m", null, 25, 11_534_336L, null);
                sink.about("complete", true);
                sink.footer("3 views");
            });
            return ExitCode.DONE;
        }
    }

    @Command(
            description = "Prints numbers, and fails behind the last when told so.",
            footer = {"rf views numbers --count 10"})
    static final class Numbers implements Action {

        @Option(names = "--count", paramLabel = "N", description = "How many.")
        private int count = 3;

        @Option(names = "--fail", description = "Fail in the end.")
        private boolean fail;

        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            rf.output().rows(Answer.of("rf.numbers/v1", "numbers", Field.number("NUMBER", "number")), sink -> {
                for (int i = 0; i < count; i++) {
                    sink.row(i);
                }
                if (fail) {
                    throw Failure.unreachable("lost the connection to PostgreSQL")
                            .note("why", "it was shut down")
                            .note("holder", "nobody");
                }
            });
            return ExitCode.DONE;
        }
    }

    @Command(
            description = "Works a little.",
            footer = {"rf views create condition_simple"})
    static final class Create implements Action {

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "The views to make.")
        private List<String> names = List.of();

        @Option(names = "--jobs", paramLabel = "N", description = "How many at once.")
        private int jobs = 1;

        @Override
        public ExitCode run(Invocation rf) {
            Progress.Item step = rf.progress().start("Creating " + jobs + " view");
            step.done();
            Progress.Work work = rf.progress().work("create", names);
            for (String name : names) {
                Progress.Item item = work.start(name);
                if (name.equals("lost")) {
                    throw Failure.unreachable("lost the connection to PostgreSQL");
                }
                if (name.equals("bad")) {
                    item.failed("no such table");
                } else {
                    item.done("4 714 rows", LogFields.none().with("rows", 4714));
                }
            }
            rf.progress().log("create", "PARTIAL", LogFields.none().with("exit", 3));
            return ExitCode.PARTIAL;
        }
    }

    @Command(
            description = "Counts patients, or fails in one of many ways.",
            footer = {"rf query --fail usage"})
    static final class Query implements Action {

        @Option(names = "--fail", paramLabel = "HOW", description = "How to fail.")
        private String how = "";

        @Option(names = "--gender", paramLabel = "GENDER", description = "Only patients of this gender.")
        private String gender = "any";

        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            switch (how) {
                case "usage" -> throw Failure.usage("""
                            invalid FHIRPath at condition_simple.json:14:33, column "onset"
                               14 |   "path": "onset.ofType(dateTime"
                                  |                                 ^ expected ')' here""");
                case "caused" ->
                    throw Failure.failed("cannot refresh")
                            .causedBy(
                                    new SQLException("ERROR: invalid input syntax for type date: \"canary\"", "22007"));
                case "sql" -> throw new SQLException("ERROR: relation \"x\" does not exist\n  Detail: canary", "42P01");
                case "data" -> throw new SQLException("ERROR: duplicate key canary", "23505");
                case "number" -> Integer.parseInt("canary");
                case "bug" -> throw new IllegalStateException("nothing here");
                case "wrapped" ->
                    throw new IllegalStateException(new SQLException("ERROR: invalid value canary", "22P02"));
                case "interrupted" -> {
                    rf.host().cancellation().cancel();
                    throw Failure.failed("the statement was cancelled").note("", "keeps its contents");
                }
                default -> {
                    rf.messages().warning("speed layer not used", "recomputed instead");
                    rf.messages().remark("using the sandbox");
                    rf.messages().detail(() -> "select 1");
                }
            }
            Map<String, Object> content = new LinkedHashMap<>();
            content.put("count", 30);
            content.put("gender", gender);
            content.put("counts", Map.of("batch", 29));
            content.put("warnings", List.of());
            rf.output().document("rf.query/v1", content, "30 patients");
            return ExitCode.DONE;
        }
    }

    @Command(
            description = "Prints the global options as they arrived.",
            footer = {"rf settings"})
    static final class Settings implements Action {

        @Override
        public ExitCode run(Invocation rf) {
            GlobalOptions options = rf.options();
            SourceConfiguration source = new SourceConfiguration(rf.configuration());
            rf.output()
                    .text(options.dbUrl().orElse("no url") + " " + options.sandbox() + " " + source.hapiSchema() + " "
                            + source.hapiTimeZone());
            return ExitCode.DONE;
        }
    }
}
