package dev.weft.loop;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/** What is logged while it is open: slf4j-simple writes to the standard error stream of the moment. */
final class CapturedLog implements AutoCloseable {
    private final PrintStream before = System.err;
    private final Captured captured = new Captured();

    CapturedLog() {
        System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
    }

    /** A stream that somebody may wait at. */
    private static final class Captured extends ByteArrayOutputStream {
        private String awaited = "";
        private CountDownLatch seen = new CountDownLatch(0);

        synchronized CountDownLatch expect(String text) {
            awaited = text;
            seen = new CountDownLatch(1);
            look();
            return seen;
        }

        @Override
        public synchronized void write(byte[] bytes, int offset, int length) {
            super.write(bytes, offset, length);
            look();
        }

        private void look() {
            if (seen.getCount() > 0 && toString(StandardCharsets.UTF_8).contains(awaited)) {
                seen.countDown();
            }
        }
    }

    String text() {
        return captured.toString(StandardCharsets.UTF_8);
    }

    /** Counted down when a text has been logged. */
    CountDownLatch expect(String text) {
        return captured.expect(text);
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
