package org.researchflow.rf.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Standard error: lines that stay, and on a terminal below them lines that are drawn anew while work goes on. Safe for
 * use by many threads. It takes no notice of a reader that went away: the work matters more than its messages.
 */
final class LiveLines {

    private static final long FRAME_MILLISECONDS = 100;

    private final TextStream err;
    private final boolean live;
    private final int columns;
    private final List<Supplier<String>> lines = new ArrayList<>();
    private int drawn;
    private @Nullable ScheduledExecutorService ticker;

    LiveLines(TextStream err, boolean live, int columns) {
        this.err = err;
        this.live = live;
        this.columns = columns;
    }

    /** Whether lines are drawn anew at all: standard error is a terminal that can, and a person looks at it. */
    boolean isLive() {
        return live;
    }

    synchronized void print(String text) {
        draw(text + "\n");
    }

    /** A line that has no text yet is not drawn. */
    synchronized void add(Supplier<String> line) {
        lines.add(line);
        if (ticker == null) {
            ticker = Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("rf-progress").factory());
            var _ = ticker.scheduleAtFixedRate(
                    () -> redraw(), FRAME_MILLISECONDS, FRAME_MILLISECONDS, TimeUnit.MILLISECONDS);
        }
        redraw();
    }

    /** The line goes, and a last one takes its place among those that stay. */
    synchronized void replace(Supplier<String> line, String last) {
        lines.remove(line);
        stopWhenIdle();
        print(last);
    }

    /** The line goes, and nothing takes its place. */
    synchronized void remove(Supplier<String> line) {
        lines.remove(line);
        stopWhenIdle();
        redraw();
    }

    /** What was under way will not end any more: its lines go, and nothing moves below the error that follows. */
    synchronized void abandon() {
        lines.clear();
        stopWhenIdle();
        redraw();
    }

    private void stopWhenIdle() {
        if (lines.isEmpty() && ticker != null) {
            ticker.shutdown();
            ticker = null;
        }
    }

    private synchronized void redraw() {
        draw("");
    }

    private void draw(String above) {
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append("\r\033[").append(drawn).append("A\033[J");
        }
        text.append(above);
        // A line that wraps would be two lines to clear.
        List<String> shown = lines.stream()
                .map(Supplier::get)
                .filter(line -> !line.isEmpty())
                .map(line -> DisplayWidth.shortened(line, columns - 1) + "\n")
                .toList();
        shown.forEach(text::append);
        drawn = shown.size();
        if (text.isEmpty()) {
            return;
        }
        try {
            err.write(text.toString());
            err.flush();
        } catch (ClosedStream _) {
            // Nobody reads the messages. The answer, if one is due, goes to standard output all the same.
        }
    }
}
