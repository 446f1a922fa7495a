package dev.weft.it;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/** Bytes at a steady rate, without a burst at the beginning or after a pause, for all who share it. Any thread. */
final class Pace {
    /** Bytes that are sent at once. */
    static final int PIECE = 16 << 10;

    private final double nanosPerByte;
    private long free;

    Pace(long bytesPerSecond) {
        nanosPerByte = 1e9 / bytesPerSecond;
    }

    /** Where the bytes go. */
    @FunctionalInterface
    interface Sink {
        void body(byte[] body, int from, int to) throws IOException;
    }

    /** A part of a body, in pieces. */
    void send(Sink sink, byte[] body, int from, int to) throws IOException {
        send(sink, body, from, to, PIECE);
    }

    /** The same, in pieces of so many bytes. */
    void send(Sink sink, byte[] body, int from, int to, int piece) throws IOException {
        for (int at = from; at < to; at += piece) {
            int end = Math.min(to, at + piece);
            await(end - at);
            sink.body(body, at, end);
        }
    }

    private void await(int bytes) {
        long turn;
        synchronized (this) {
            turn = Math.max(free, System.nanoTime()) + (long) (bytes * nanosPerByte);
            free = turn;
        }
        for (long left = turn - System.nanoTime(); left > 0; left = turn - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
