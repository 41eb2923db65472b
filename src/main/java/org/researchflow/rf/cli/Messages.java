package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.researchflow.rf.Failure;

/** What a command says beside its answer, on standard error: warnings, remarks, and details with {@code -v}. */
public final class Messages {

    private final LiveLines err;
    private final Log log;
    private final OutputFormat format;
    private final Style style;
    private final Verbosity verbosity;
    private final Whereabouts here;

    Messages(LiveLines err, Log log, OutputFormat format, Style style, Verbosity verbosity, Whereabouts here) {
        this.err = err;
        this.log = log;
        this.format = format;
        this.style = style;
        this.verbosity = verbosity;
        this.here = here;
    }

    /** Something is not as it should be, and the command goes on. The notes are indented lines below it. */
    public void warning(String warning, String... notes) {
        if (verbosity != Verbosity.QUIET) {
            String what = here.in(warning);
            Map<String, List<String>> labelled = new LinkedHashMap<>();
            for (String note : notes) {
                labelled.computeIfAbsent("", _ -> new ArrayList<>()).add(here.in(note));
            }
            if (log.isJson()) {
                log.json(FailurePrinter.WARNING, Log.Level.WARNING, FailurePrinter.document(what, labelled));
            } else {
                err.print(FailurePrinter.warning(what, labelled, format, style));
            }
        }
    }

    /** Something good to know that a person reads and a program does not need. */
    public void remark(String remark) {
        if (verbosity == Verbosity.QUIET) {
            return;
        }
        String text = here.in(remark);
        if (log.isJson()) {
            log.event(Log.Level.INFO, "remark", "text", text);
        } else if (!format.isJson()) {
            err.print(Printable.text(text));
        }
    }

    /** Only with {@code -v}: SQL and timings. */
    public void detail(Supplier<String> text) {
        if (verbosity == Verbosity.VERBOSE) {
            if (log.isJson()) {
                log.event(Log.Level.DEBUG, "detail", "text", text.get());
            } else {
                err.print(style.faint(Printable.text(text.get())));
            }
        }
    }

    /** The last word of a run that failed. */
    void error(Failure error, ExitCode exit) {
        err.abandon();
        Failure failure = here.in(error);
        boolean verbose = verbosity == Verbosity.VERBOSE;
        if (log.isJson()) {
            log.json(FailurePrinter.ERROR, Log.Level.ERROR, FailurePrinter.document(failure, exit, verbose));
        } else {
            err.print(FailurePrinter.error(failure, exit, format, style, verbose));
        }
    }

    void stack(Throwable error) {
        detail(() -> UnexpectedError.stack(error));
    }
}
