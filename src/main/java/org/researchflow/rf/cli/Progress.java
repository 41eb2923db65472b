package org.researchflow.rf.cli;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows work as it goes on, on standard error: on a terminal one live line for each piece of it, elsewhere one dated
 * line when a piece has ended, for the log of a nightly run. Pieces may run and end on different threads.
 */
public final class Progress {

    private static final String SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
    private static final int RESULT_WIDTH = 24;

    /** Who waits longer than this wants to see for what. */
    private static final Duration LONG = Duration.ofSeconds(1);

    private final LiveLines err;
    private final Style style;
    private final boolean quiet;
    private final Log log;
    private final Clock clock;

    Progress(LiveLines err, Style style, boolean quiet, Log log, Clock clock) {
        this.err = err;
        this.style = style;
        this.quiet = quiet;
        this.log = log;
        this.clock = clock;
    }

    /** One long step on its own, such as {@code Creating 7 views}. A log has a line at its start and one at its end. */
    public Item start(String what) {
        if (!err.isLive() && !quiet) {
            if (log.isJson()) {
                log.event(Log.Level.INFO, "begun", "what", what);
            } else {
                log.text(what);
            }
        }
        return new Item("", what, DisplayWidth.of(what));
    }

    /** What a person waits for who is given no other sign: shown on a terminal alone, and not before it takes long. */
    public Wait waitFor(String what) {
        return new Wait(what);
    }

    /** Several pieces of one work, such as the refresh of each view. A log has a line at the end of each piece. */
    public Work work(String verb, Collection<String> names) {
        return new Work(verb, names.stream().mapToInt(DisplayWidth::of).max().orElse(0));
    }

    /**
     * A dated line for the log of an unattended run; a terminal does not show it.
     *
     * @param event what was done
     * @param outcome how it went: {@code ok}, {@code PARTIAL}
     */
    void log(String event, String outcome, LogFields fields) {
        if (err.isLive() || quiet) {
            return;
        }
        if (log.isJson()) {
            Map<String, @Nullable Object> line = new LinkedHashMap<>();
            line.put("event", event);
            line.put("outcome", outcome.toLowerCase(Locale.ROOT));
            line.putAll(fields.members());
            log.json(Log.SCHEMA, Log.Level.INFO, line);
        } else {
            log.text(event + " " + outcome + " " + fields.text());
        }
    }

    /** Something that a person waits for. Once it is closed, nothing is to be seen of it. */
    public final class Wait implements AutoCloseable {
        private final String what;
        private final Instant started = clock.instant();
        private final Supplier<String> line = this::liveLine;

        private Wait(String what) {
            this.what = what;
            if (err.isLive()) {
                err.add(line);
            }
        }

        private String liveLine() {
            Duration elapsed = Duration.between(started, clock.instant());
            return elapsed.compareTo(LONG) < 0
                    ? ""
                    : " " + spinner(elapsed) + " " + what + "  " + Wording.seconds(elapsed) + " s";
        }

        /** What was waited for is there, and is printed now: no line is to move between its own. */
        void over() {
            if (err.isLive()) {
                err.remove(line);
            }
        }

        @Override
        public void close() {
            over();
        }
    }

    /** Pieces of one work, shown below each other. */
    public final class Work {
        private final String verb;
        private final int nameWidth;

        private Work(String verb, int nameWidth) {
            this.verb = verb;
            this.nameWidth = nameWidth;
        }

        public Item start(String name) {
            return new Item(verb, name, nameWidth);
        }
    }

    /** A piece of work under way. It ends exactly once. */
    public final class Item {
        private final String verb;
        private final String name;
        private final int nameWidth;
        private final Instant started = clock.instant();
        private final Supplier<String> line = this::liveLine;
        private volatile Optional<Duration> usual = Optional.empty();
        private volatile String far = "";

        private Item(String verb, String name, int nameWidth) {
            this.verb = verb;
            this.name = name;
            this.nameWidth = nameWidth;
            if (err.isLive()) {
                err.add(line);
            }
        }

        /** How long it takes as a rule, for whoever waits. */
        public Item usually(Duration duration) {
            usual = Optional.of(duration);
            return this;
        }

        /** How far it is, for whoever looks at a terminal. */
        public void at(String how) {
            far = how;
        }

        public void done() {
            done("", LogFields.none());
        }

        /**
         * It succeeded.
         *
         * @param result in words, for the terminal: {@code 50 changed, 4 651 kept}
         * @param fields as a log has it: {@code incremental changed=50 rows=4714}
         */
        void done(String result, LogFields fields) {
            end(style.green("✓"), result, verb.isEmpty() ? "done" : "ok", fields.text(), fields.members(), quiet);
        }

        /** Somebody else does it, or it need not be done. */
        public void skipped(String why) {
            end("-", why, "skipped", why, Map.of("why", why), quiet);
        }

        /** It failed; that is printed with {@code -q}, too. */
        public void failed(String why) {
            end(style.red("✗"), why, "FAILED", why, Map.of("error", why), false);
        }

        private void end(
                String mark,
                String result,
                String outcome,
                String fields,
                Map<String, ? extends @Nullable Object> members,
                boolean silent) {
            String took = Wording.seconds(elapsed());
            if (err.isLive()) {
                String shown = verb.isEmpty() ? result : padded(result, RESULT_WIDTH);
                err.replace(
                        line,
                        " " + mark + " " + padded(name, nameWidth)
                                + (shown.isEmpty() ? "" : "  " + Printable.line(shown)) + "  " + took + " s");
            } else if (!silent && log.isJson()) {
                Map<String, @Nullable Object> line = new LinkedHashMap<>();
                line.put("event", verb.isEmpty() ? "step" : verb);
                line.put(verb.isEmpty() ? "what" : "view", name);
                line.put("outcome", outcome.toLowerCase(Locale.ROOT));
                line.putAll(members);
                line.put("seconds", elapsed().toMillis() / 1000.0);
                log.json(Log.SCHEMA, outcome.equals("FAILED") ? Log.Level.ERROR : Log.Level.INFO, line);
            } else if (!silent) {
                String subject = verb.isEmpty() ? name + ":" : verb + " " + name;
                log.text(subject + " " + outcome + (fields.isEmpty() ? "" : " " + Printable.line(fields)) + " took="
                        + took + "s");
            }
        }

        private String liveLine() {
            String usually = usual.map(time -> ", usually " + Wording.seconds(time) + " s")
                    .orElse("");
            return " " + spinner(elapsed()) + " " + padded(name, nameWidth) + "  " + Wording.seconds(elapsed()) + " s"
                    + usually + (far.isEmpty() ? "" : "  " + Printable.line(far));
        }

        private Duration elapsed() {
            return Duration.between(started, clock.instant());
        }
    }

    private static char spinner(Duration elapsed) {
        return SPINNER.charAt((int) (elapsed.toMillis() / 100 % SPINNER.length()));
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - DisplayWidth.of(text)));
    }
}
