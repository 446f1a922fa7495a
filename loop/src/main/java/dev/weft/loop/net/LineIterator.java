package dev.weft.loop.net;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** The lines of a reader, read as they are asked for: the calling task waits in {@link #hasNext}. */
final class LineIterator implements Iterator<byte[]> {
    private final StreamReader reader;
    private byte @Nullable [] next;

    LineIterator(StreamReader reader) {
        this.reader = reader;
    }

    @Override
    public boolean hasNext() {
        return peek().length > 0;
    }

    @Override
    public byte[] next() {
        byte[] line = peek();
        if (line.length == 0) {
            throw new NoSuchElementException("the stream has ended");
        }
        next = null;
        return line;
    }

    private byte[] peek() {
        byte[] line = next == null ? reader.readLine().await() : next;
        next = line;
        return line;
    }
}
