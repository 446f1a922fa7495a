package dev.weft.cli.report;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Standard output, for programs: its encoding does not depend on the locale, and it remembers why it does not take any more, which a
 * {@link PrintStream} does not tell. Any thread.
 */
public final class Output extends PrintStream {
    private final Sink sink;

    /** Over the stream to write to. */
    public Output(OutputStream to) {
        Sink begun = new Sink(to);
        sink = begun;
        super(begun, false, StandardCharsets.UTF_8);
    }

    /** The same stream, for bytes: it throws what a {@link PrintStream} keeps to itself. Of another stream, the stream. */
    public static OutputStream bytes(OutputStream out) {
        return out instanceof Output output ? output.sink : out;
    }

    /** Why nothing more can be written; null while it can, or a stream of another class does not tell. */
    static @Nullable IOException failure(PrintStream out) {
        return out instanceof Output output ? output.sink.failure : null;
    }

    /** Whether whoever read has gone away, which is no error of ours. */
    static boolean isClosedPipe(PrintStream out) {
        IOException failure = failure(out);
        return failure != null && String.valueOf(failure.getMessage()).contains("Broken pipe");
    }

    /** Notes the first failure. */
    private static final class Sink extends OutputStream {
        private final OutputStream to;
        private volatile @Nullable IOException failure;

        Sink(OutputStream to) {
            this.to = to;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            try {
                to.write(bytes, from, length);
            } catch (IOException e) {
                if (failure == null) {
                    failure = e;
                }
                throw e;
            }
        }

        @Override
        public void flush() throws IOException {
            to.flush();
        }
    }
}
