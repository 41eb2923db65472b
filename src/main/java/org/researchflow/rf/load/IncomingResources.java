package org.researchflow.rf.load;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.researchflow.rf.load.Rejection.Reason;
import org.researchflow.rf.source.StoredResource;

/** The resources of several files, one after the other; lines that hold none are reported and passed over. */
final class IncomingResources implements Iterator<StoredResource>, AutoCloseable {

    /**
     * A resource with the line that it is from.
     *
     * @param file that line's file
     */
    record Placed(StoredResource resource, String file, long line) {}

    private final Iterator<NdjsonFile> files;
    private final Optional<Instant> exported;
    private final LoadListener listener;
    private final Consumer<Rejection> rejections;
    private final Queue<Placed> ready = new ArrayDeque<>();
    private final List<Placed> taken = new ArrayList<>();
    private String name = "";
    private @Nullable Lines lines;
    private long read;

    IncomingResources(
            List<NdjsonFile> files, Optional<Instant> exported, LoadListener listener, Consumer<Rejection> rejections) {
        this.files = files.iterator();
        this.exported = exported;
        this.listener = listener;
        this.rejections = rejections;
    }

    @Override
    public boolean hasNext() {
        while (ready.isEmpty()) {
            if (lines == null) {
                if (!files.hasNext()) {
                    return false;
                }
                open(files.next());
            } else {
                readLine(lines);
            }
        }
        return true;
    }

    @Override
    public StoredResource next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        Placed next = ready.remove();
        taken.add(next);
        return next.resource();
    }

    /** What was taken since the last call. */
    List<Placed> taken() {
        List<Placed> list = List.copyOf(taken);
        taken.clear();
        return list;
    }

    @Override
    public void close() {
        @Nullable Lines open = lines;
        lines = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException _) {
                // It was only read, and everything that was wanted of it has been.
            }
        }
    }

    private void open(NdjsonFile file) {
        name = file.name();
        listener.begun(file);
        try {
            lines = file.lines();
        } catch (IOException _) {
            rejections.accept(new Rejection(name, 1, Reason.UNREADABLE));
        }
    }

    private void readLine(Lines from) {
        try {
            if (!from.next()) {
                close();
                return;
            }
        } catch (IOException _) {
            // Cut off, or damaged.
            rejections.accept(new Rejection(name, from.number() + 1, Reason.UNREADABLE));
            close();
            return;
        }
        listener.read(++read);
        if (from.isTooLong()) {
            rejections.accept(new Rejection(name, from.number(), Reason.TOO_LONG));
            return;
        }
        switch (Line.read(from.text(), exported)) {
            case Line.Good(List<StoredResource> resources) ->
                resources.forEach(resource -> ready.add(new Placed(resource, name, from.number())));
            case Line.Bad(Reason reason) -> rejections.accept(new Rejection(name, from.number(), reason));
        }
    }
}
