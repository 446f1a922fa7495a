package dev.weft.loop;

import static dev.weft.loop.Asyncio.mapBounded;
import static dev.weft.loop.Asyncio.sleep;

import java.util.stream.IntStream;

/** A program of its own, for a JVM with a small heap: a million inputs through {@code mapBounded}, a hundred at once. */
final class MillionInputs {
    private static final int INPUTS = 1_000_000;
    private static final int LIMIT = 100;

    private static int running;
    private static int mostRunning;

    private MillionInputs() {}

    public static void main(String[] args) {
        long[] sum = new long[1];
        Asyncio.run(() -> {
            var map = mapBounded(IntStream.range(0, INPUTS).iterator(), LIMIT, MillionInputs::work);
            for (byte[] result : args.length > 0 ? map.inOrder() : map) {
                sum[0] += result.length;
            }
        });
        System.out.println(
                "bytes " + sum[0] + ", at once " + mostRunning + ", on " + System.getProperty("weft.carrier"));
    }

    /** A kilobyte for every input, which together would fill the heap many times. */
    private static byte[] work(int input) {
        running++;
        mostRunning = Math.max(mostRunning, running);
        sleep(0).await();
        running--;
        return new byte[1000];
    }
}
