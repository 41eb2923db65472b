package org.researchflow.rf.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;

/** The right to start and stop the sandbox's servers, held by one thread of one process; the end of it gives it back. */
final class SandboxLock implements AutoCloseable {

    // File locks are the whole process's: its threads need one of their own.
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final FileChannel channel;

    private SandboxLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Waits for whoever holds it. */
    @SuppressWarnings("resource") // closing the channel releases the lock
    static SandboxLock take(Folder folder) {
        THREADS.lock();
        try {
            FileChannel channel = FileChannel.open(folder.lock(), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.lock();
            return new SandboxLock(channel);
        } catch (IOException e) {
            THREADS.unlock();
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            THREADS.unlock();
        }
    }
}
