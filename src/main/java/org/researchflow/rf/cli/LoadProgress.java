package org.researchflow.rf.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.researchflow.rf.Failure;
import org.researchflow.rf.load.Load.Loaded;
import org.researchflow.rf.load.LoadListener;
import org.researchflow.rf.load.NdjsonFile;
import org.researchflow.rf.load.Rejection;
import org.researchflow.rf.source.ResourceStore.Written;

/** A load under way, as one line of progress, and the first of the lines that it leaves out. */
final class LoadProgress implements LoadListener {

    private static final int LINES_BETWEEN = 1000;

    private final Invocation rf;
    private final int files;
    private final Progress.Item item;
    private final Instant started;
    private final List<Rejection> listed = new ArrayList<>();
    private Written written = Written.NOTHING;
    private String file = "";
    private int begun;

    LoadProgress(Invocation rf, int files) {
        this.rf = rf;
        this.files = files;
        this.started = rf.clock().instant();
        this.item = rf.progress().start("Loading " + files + (files == 1 ? " file" : " files"));
    }

    @Override
    public void begun(NdjsonFile next) {
        begun++;
        file = next.name();
    }

    @Override
    public void read(long lines) {
        if (rf.cancellation().cancelled()) {
            throw Failure.failed(written.total() + " resources are loaded, the rest is not")
                    .note("try", "the same command again does the rest");
        }
        if (lines % LINES_BETWEEN == 0) {
            Wording wording = rf.output().wording();
            item.at(wording.count(lines) + " resources, " + wording.count(rate(lines)) + "/s, file " + begun + " of "
                    + files + " (" + file + ")");
        }
    }

    @Override
    public void written(Written soFar) {
        written = soFar;
    }

    @Override
    public void rejected(Rejection rejection) {
        if (listed.size() < LoadCommand.LISTED) {
            listed.add(rejection);
            rf.messages()
                    .warning(rejection.file() + ":" + rejection.line() + " is not loaded: "
                            + rejection.reason().words());
        }
    }

    void done(Loaded loaded) {
        long total = loaded.written().total();
        item.done(
                rate(total) + " resources/s",
                LogFields.none()
                        .with("resources", total)
                        .with("added", loaded.written().added())
                        .with("changed", loaded.written().changed())
                        .with("deleted", loaded.written().deleted())
                        .with("rejected", loaded.rejected()));
    }

    List<Rejection> listed() {
        return List.copyOf(listed);
    }

    private long rate(long resources) {
        long milliseconds =
                Math.max(1, Duration.between(started, rf.clock().instant()).toMillis());
        return resources * 1000 / milliseconds;
    }
}
