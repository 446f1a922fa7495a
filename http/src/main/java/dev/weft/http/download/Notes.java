package dev.weft.http.download;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is to be known later of an unfinished file: its {@link Journal}, which is made when there is something to lose, and what is not in it yet.
 * A file that is soon whole has none, and costs none. For one thread.
 */
final class Notes {
    private final Path path;
    private final Unjournalled unjournalled = new Unjournalled();
    private @Nullable Journal journal;
    /** Of which representation the bytes are; null if nothing is noted, because nobody could go on with it. */
    private @Nullable Origin origin;

    /** In a journal of this name. */
    Notes(Path path) {
        this.path = path;
    }

    /**
     * Looks what an earlier run has left, and removes its journal if that is of no use: before the file is written, else it would be taken for
     * a journal of what comes then.
     *
     * @param wanted whether it is asked for
     * @return null if there is nothing to go on with
     */
    @Nullable
    Leftover left(PartLock lock, boolean wanted) throws IOException {
        if (!Beside.isThere(path)) {
            return null;
        }
        Leftover left = wanted ? Leftover.read(lock.channel(), path) : null;
        if (left == null) {
            Files.delete(path);
            return null;
        }
        journal = Journal.resume(path, left.head());
        origin = left.head().origin();
        return left;
    }

    /** Begins with nothing. */
    void begin(Origin of) {
        origin = of;
    }

    /** Whether bytes are to be told. */
    boolean areTaken() {
        return origin != null;
    }

    /** Bytes are in the file; they are used up. */
    void wrote(long position, ByteBuffer bytes) {
        unjournalled.add(position, bytes);
    }

    /**
     * Writes down what is due.
     *
     * @throws IOException if the disk does not take it
     */
    void writeDue() throws IOException {
        if (origin == null || !unjournalled.isDue()) {
            return;
        }
        Journal open = opened(origin);
        if (open == null) {
            origin = null;
            unjournalled.clear();
        } else {
            unjournalled.flushDue(open);
        }
    }

    /** Null if there is something in its way: no reason to fail, but then nobody can go on with this file. */
    private @Nullable Journal opened(Origin of) {
        if (journal == null) {
            try {
                journal = Journal.create(path, of);
            } catch (IOException e) {
                return null;
            }
        }
        return journal;
    }

    /** Writes down all, and ends. Says whether there is a journal. */
    boolean keep() {
        try {
            Journal open = origin == null ? null : opened(origin);
            if (open != null) {
                unjournalled.flush(open);
            }
        } catch (IOException e) {
            // The disk is full, perhaps. What the journal has already is of use all the same.
        }
        try {
            if (journal != null) {
                journal.close();
            }
        } catch (IOException e) {
            // Every line was written before.
        }
        return journal != null;
    }

    /** Forgets all and removes the journal; from now on nothing is noted. */
    void forget() throws IOException {
        origin = null;
        unjournalled.clear();
        if (journal != null) {
            journal.close();
            journal = null;
            Files.deleteIfExists(path);
        }
    }
}
