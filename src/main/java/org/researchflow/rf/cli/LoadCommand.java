package org.researchflow.rf.cli;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.Failure;
import org.researchflow.rf.load.InputFiles;
import org.researchflow.rf.load.Instants;
import org.researchflow.rf.load.Load;
import org.researchflow.rf.load.Load.Loaded;
import org.researchflow.rf.load.Rejection;
import org.researchflow.rf.source.HapiSchema;
import org.researchflow.rf.source.ResourceStore;
import org.researchflow.rf.source.ResourceStore.Written;
import org.researchflow.rf.source.SourceName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code rf load}. */
@Command(
        description = {
            "Loads FHIR resources from Bulk Data files (NDJSON).",
            "Fills a table of rf's own, rf.resource, for views over resources that are in no HAPI server's tables. The"
                    + " files have one resource a line, of any types, and may be compressed by gzip. FILE may be called"
                    + " anything, - is standard input; of a folder all files named .ndjson or .jsonl are loaded, or all"
                    + " files if none is named so.",
            "A version of a resource replaces the one that is there, unless its meta.lastUpdated, or else its"
                    + " meta.versionId, says that it is older; without these the last line counts. Loading the same"
                    + " files again changes nothing. A line with a Bundle that holds only DELETE requests, as in a Bulk"
                    + " Data export's list of deleted resources, removes these.",
            "Lines that cannot be loaded are reported by file and number, never by content; the rest is loaded, and the"
                    + " command ends with 3. What is loaded is committed every few megabytes: a load that was stopped"
                    + " is completed by the same command."
        },
        footer = {
            "rf load export/",
            "rf load --as-of 2026-11-20T02:00:00Z Patient.ndjson.gz",
            "curl https://fhir.example.org/bulk/1.ndjson | rf load -"
        })
final class LoadCommand implements Action {

    /** So many lines that were left out are listed one by one. */
    static final int LISTED = 20;

    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(5);

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "A file, a folder of files, or - for standard input.")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--as-of",
            paramLabel = "TIME",
            description = "The moment that the export shows: its transactionTime, such as 2026-11-20T02:00:00Z.")
    private @Nullable String asOf;

    @Override
    public ExitCode run(Invocation rf) throws IOException, SQLException {
        Optional<Instant> exported = Optional.ofNullable(asOf).map(text -> moment(text, rf));
        InputFiles input = InputFiles.of(names, rf::in);
        if (!input.leftOut().isEmpty()) {
            rf.messages().remark("left out: " + String.join(", ", input.leftOut()));
        }
        Workplace workplace = Workplace.of(rf);
        Instant start = rf.clock().instant();
        LoadProgress progress = new LoadProgress(rf, input.files().size());
        Loaded loaded;
        boolean besideHapi;
        try (Connection connection = workplace.database().connect()) {
            loaded = Load.of(connection, input.files(), exported, progress);
            besideHapi = workplace.settings().source() == SourceName.AUTO
                    && ResourceStore.isIn(connection)
                    && HapiSchema.isIn(connection, workplace.settings().hapiSchema());
        } catch (SQLException e) {
            throw workplace.database().failure(e);
        }
        Duration took = Duration.between(start, rf.clock().instant());
        progress.done(loaded);
        if (loaded.rejected() > LISTED) {
            rf.messages().warning("and " + (loaded.rejected() - LISTED) + " more lines");
        }
        print(rf, input, loaded, exported, took, progress.listed());
        if (besideHapi) {
            rf.messages()
                    .remark("this database holds a HAPI server's tables as well: choose with  --source resources  or"
                            + "  RF_SOURCE=resources");
        }
        return loaded.rejected() == 0 ? ExitCode.DONE : ExitCode.PARTIAL;
    }

    private static Instant moment(String text, Invocation rf) {
        Instant moment = Instants.parse(text)
                .orElseThrow(() -> Failure.usage("no moment: --as-of " + text)
                        .note("try", "a date and time with its offset, such as 2026-11-20T02:00:00Z"));
        if (moment.isAfter(rf.clock().instant().plus(CLOCKS_DIFFER))) {
            throw Failure.usage("--as-of " + text + " is in the future").note("try", "the export's transactionTime");
        }
        return moment;
    }

    private static void print(
            Invocation rf,
            InputFiles input,
            Loaded loaded,
            Optional<Instant> exported,
            Duration took,
            List<Rejection> listed) {
        Written written = loaded.written();
        Map<String, @Nullable Object> document = new LinkedHashMap<>();
        document.put("files", input.files().size());
        document.put("resources", written.total());
        document.put("added", written.added());
        document.put("changed", written.changed());
        document.put("deleted", written.deleted());
        document.put("unchanged", written.unchanged());
        document.put("rejected", loaded.rejected());
        document.put("rejections", listed.stream().map(LoadCommand::content).toList());
        document.put("asOf", exported.map(Instant::toString).orElse(null));
        document.put("tookMs", took.toMillis());
        Wording wording = rf.output().wording();
        rf.output()
                .document(
                        "rf.load/v1",
                        document,
                        wording.count(written.total()) + " resources from "
                                + input.files().size() + (input.files().size() == 1 ? " file: " : " files: ")
                                + wording.count(written.added()) + " new, " + wording.count(written.changed())
                                + " changed, " + wording.count(written.deleted()) + " deleted, "
                                + wording.count(written.unchanged()) + " known before"
                                + (loaded.rejected() == 0
                                        ? ""
                                        : "\n" + wording.count(loaded.rejected())
                                                + (loaded.rejected() == 1 ? " line was" : " lines were")
                                                + " not loaded")
                                + exported.map(moment -> "\nas of " + wording.time(moment))
                                        .orElse(""));
    }

    private static Map<String, Object> content(Rejection rejection) {
        return Map.of(
                "file", rejection.file(),
                "line", rejection.line(),
                "reason", rejection.reason().words());
    }
}
