package org.researchflow.rf.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.cohort.CodeSystem;
import org.researchflow.rf.terminology.CodeTree;
import org.researchflow.rf.terminology.HierarchyFile;
import org.researchflow.rf.terminology.HierarchyStore;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf terminology} and what is below it. */
final class TerminologyCommands {

    private TerminologyCommands() {}

    private static HierarchyStore store(Invocation rf) {
        return new HierarchyStore(Workplace.of(rf).database());
    }

    /** {@code rf terminology}. */
    @Command(
            description = {
                "Which codes are below which, so that a question can mean all of them.",
                "With the hierarchy of a code system loaded, '<<CODE' in a question means the code and all below it, and"
                        + " '<CODE' only those below it."
            },
            footer = {"rf terminology load diagnoses.csv --system icd10", "rf query --code '<<icd10|E10-E14'"})
    static final class Group {}

    /** {@code rf terminology load}. */
    @Command(
            description = {
                "Loads which codes of a code system are below which.",
                "FILE is a FHIR CodeSystem in JSON, with concepts within concepts or the properties parent, child or"
                        + " subsumedBy; or CSV with lines of child,parent, and --system. It may be compressed by gzip.",
                "What was loaded of the same code system before is replaced; the same file again changes nothing. Where a"
                        + " code is below itself, nothing is loaded."
            },
            footer = {
                "rf terminology load diagnoses.csv --system icd10",
                "rf terminology load CodeSystem-snomed.json.gz",
                "rf query --code '<<snomed|73211009'"
            })
    static final class Load implements Action {

        @Parameters(paramLabel = "FILE", description = "The file, or - for standard input.")
        private String file = "";

        @Option(
                names = "--system",
                paramLabel = "SYSTEM",
                description = "With CSV: the code system, as a URI or a short name such as snomed or icd10.")
        private @Nullable String system;

        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            Optional<String> uri = Optional.ofNullable(system).map(CodeSystem::uri);
            CodeTree tree;
            try (InputStream in = file.equals("-") ? rf.in() : opened(file)) {
                tree = HierarchyFile.read(file.equals("-") ? "standard input" : file, in, uri);
            }
            HierarchyStore.Loading loading;
            try (Progress.Wait _ = rf.progress().waitFor("Loading the codes of " + tree.system())) {
                loading = store(rf).load(tree);
            }
            CompletionNames.of(rf).add(CompletionNames.Kind.SYSTEMS, List.of(CompletionNames.typed(tree.system())));
            String done = loading.name().toLowerCase(Locale.ROOT);
            Map<String, @Nullable Object> document = new LinkedHashMap<>();
            document.put("system", tree.system());
            document.put("version", tree.version().orElse(null));
            document.put("codes", tree.codes().size());
            document.put("links", tree.links().size());
            document.put("result", done);
            Wording wording = rf.output().wording();
            rf.output()
                    .document(
                            "rf.terminology/v1",
                            document,
                            tree.system() + " " + done + ": "
                                    + wording.count(tree.codes().size()) + " codes, "
                                    + wording.count(tree.links().size()) + " links");
            return ExitCode.DONE;
        }

        private static InputStream opened(String file) throws IOException {
            try {
                return Files.newInputStream(Path.of(file));
            } catch (NoSuchFileException e) {
                throw Failure.usage("no file " + file).causedBy(e);
            } catch (InvalidPathException e) {
                throw Failure.usage("no file can be named " + file).causedBy(e);
            }
        }
    }

    /** {@code rf terminology list}. */
    @Command(
            description = "Lists the code systems whose hierarchies are loaded.",
            footer = {"rf terminology list", "rf terminology list -o json"})
    static final class Listing implements Action {
        @Override
        public ExitCode run(Invocation rf) throws IOException, SQLException {
            List<HierarchyStore.Loaded> all = store(rf).all();
            CompletionNames.of(rf)
                    .keep(
                            CompletionNames.Kind.SYSTEMS,
                            all.stream()
                                    .map(one -> CompletionNames.typed(one.system()))
                                    .toList());
            Answer shape = Answer.of(
                    "rf.terminologies/v1",
                    "systems",
                    Field.text("SYSTEM", "system"),
                    Field.text("VERSION", "version"),
                    Field.count("CODES", "codes"),
                    Field.count("LINKS", "links"),
                    Field.text("BY", "loaded_by"),
                    Field.age("LOADED", "loaded_at"));
            rf.output().rows(shape, sink -> {
                for (HierarchyStore.Loaded one : all) {
                    sink.row(
                            one.system(),
                            one.version().orElse(null),
                            one.codes(),
                            one.links(),
                            one.loadedBy(),
                            one.loadedAt());
                }
                sink.footer(
                        rf.output().wording().count(all.size()) + (all.size() == 1 ? " code system" : " code systems"));
            });
            return ExitCode.DONE;
        }
    }

    /** {@code rf terminology drop}. */
    @Command(
            description = {
                "Forgets the hierarchy of a code system.",
                "On a terminal it asks; elsewhere --yes is needed."
            },
            footer = {"rf terminology drop icd10", "rf terminology drop http://snomed.info/sct --yes"})
    static final class Drop implements Action {

        @Parameters(paramLabel = "SYSTEM", description = "The code system, as a URI or a short name.")
        private String system = "";

        @Mixin
        private Confirmation confirmation = new Confirmation();

        @Override
        public ExitCode run(Invocation rf) throws IOException {
            String uri = CodeSystem.uri(system);
            confirmation.require(
                    rf,
                    "rf terminology drop",
                    List.of(system),
                    "dropped",
                    List.of(Confirmation.Question.named("drop " + system, system)));
            store(rf).drop(uri);
            CompletionNames.of(rf).remove(CompletionNames.Kind.SYSTEMS, List.of(CompletionNames.typed(uri)));
            rf.messages().remark("dropped " + uri);
            return ExitCode.DONE;
        }
    }
}
