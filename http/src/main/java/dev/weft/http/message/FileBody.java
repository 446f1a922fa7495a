package dev.weft.http.message;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLConnection;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** A file, or a part of one, as a body. Immutable; what the file must be is fixed when this is made. */
final class FileBody implements Body {
    private final Path file;
    private final long offset;
    private final long length;
    /** Whether a file that has grown is another one. */
    private final boolean whole;

    private FileBody(Path file, long offset, long length, boolean whole) {
        this.file = file;
        this.offset = offset;
        this.length = length;
        this.whole = whole;
    }

    static FileBody whole(Path file) {
        return new FileBody(file, 0, size(file), true);
    }

    static FileBody part(Path file, long offset, long length) {
        long size = size(file);
        if (offset < 0 || length < 0 || offset > size - length) {
            throw new IllegalArgumentException(
                    length + " bytes at " + offset + " are not within " + file + ", which has " + size);
        }
        return new FileBody(file, offset, length, false);
    }

    /** A look at the directory, which is short enough to be taken on the loop. */
    private static long size(Path file) {
        try {
            BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
            if (!found.isRegularFile()) {
                throw new IllegalArgumentException(file + " is not a regular file: it has no length");
            }
            return found.size();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send " + file + ": " + e, e);
        }
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(length);
    }

    @Override
    public boolean isReplayable() {
        return true;
    }

    @Override
    public String contentType() {
        Path name = file.getFileName();
        String guessed = name == null ? null : URLConnection.guessContentTypeFromName(name.toString());
        return guessed == null ? BytesBody.BINARY : guessed;
    }

    /** Opened here and not with the first read: a file that is gone should fail the request before anything is sent. */
    @Override
    public BodySource open() {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.READ);
            check(channel.size());
            return new FileSource(channel);
        } catch (IOException e) {
            close(channel);
            throw new UncheckedIOException("cannot send " + file + ": " + e.getMessage(), e);
        }
    }

    private void check(long size) throws IOException {
        if (size < offset + length || (whole && size > length)) {
            throw new IOException("it has " + size + " bytes now, and had " + (whole ? "" : "at least ")
                    + (offset + length) + " when the request was made");
        }
    }

    private static void close(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // It was only read.
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /** The file on its way out. Confined to the loop, but for {@link #fill}, on a thread of the loop's executor. */
    private final class FileSource implements BodySource {
        private static final int PIECE_BYTES = 128 << 10;

        private final FileChannel channel;
        private final ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, length));
        private long sent;

        FileSource(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public @Nullable ByteBuffer read() throws Exception {
            if (sent == length) {
                return null;
            }
            try {
                Blocking.call(this::fill);
            } catch (IOException e) {
                throw new IOException("cannot send " + file + ": " + e.getMessage(), e);
            }
            sent += piece.remaining();
            return piece.asReadOnlyBuffer();
        }

        private Void fill() throws IOException {
            piece.clear().limit((int) Math.min(piece.capacity(), length - sent));
            while (piece.hasRemaining()) {
                if (channel.read(piece, offset + sent + piece.position()) < 0) {
                    check(channel.size());
                }
            }
            // Before the last piece has left: afterwards it would be too late to call it wrong.
            check(channel.size());
            piece.flip();
            return null;
        }

        @Override
        public void close() {
            FileBody.close(channel);
        }
    }
}
