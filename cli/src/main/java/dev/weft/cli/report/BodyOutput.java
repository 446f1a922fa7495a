package dev.weft.cli.report;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Loop;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;

/**
 * Standard output for the bytes of a file. Made on the loop, written to by any one thread.
 *
 * <p>When whoever read has gone away, that is told on the loop, before the failure of the write is.
 */
public final class BodyOutput extends OutputStream {
    private final Loop loop = Asyncio.getRunningLoop();
    private final PrintStream out;
    private final Runnable whenGone;

    /**
     * @param out stays open
     * @param whenGone runs on the loop when nobody reads any more
     */
    public BodyOutput(PrintStream out, Runnable whenGone) {
        this.out = out;
        this.whenGone = whenGone;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        out.write(bytes, from, length);
        check();
    }

    @Override
    public void flush() throws IOException {
        out.flush();
        check();
    }

    private void check() throws IOException {
        if (!out.checkError()) {
            return;
        }
        if (Output.isClosedPipe(out)) {
            loop.callSoonThreadsafe(whenGone);
        }
        IOException failure = Output.failure(out);
        throw failure == null ? new IOException("standard output takes no more") : failure;
    }
}
