package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.loop.Asyncio;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Runs a test's client side on a loop. */
public final class Client {
    private Client() {}

    /** What a test does with a session. */
    public interface Use {
        void with(ClientSession session) throws Exception;
    }

    public static void run(Use use) throws Exception {
        run(ClientSession.builder(), use);
    }

    public static void run(ClientSession.Builder settings, Use use) throws Exception {
        Asyncio.run(() -> {
            // Whatever the test did, nothing may be left of it once it is over.
            try (ClientSession open = Spoken.by(settings).build()) {
                use.with(open);
                until(() -> open.stats().acquired() == 0);
                assertEquals(0, open.stats().waiting());
                open.close();
                assertEquals(new SessionStats(0, 0, 0), open.stats());
            }
        });
    }

    /** What is left of a request that did not come to its end: with HTTP/2 its connection, which is for others too. */
    public static SessionStats givenUp() {
        return new SessionStats(0, Spoken.isHttp2() ? 1 : 0, 0);
    }

    /** That no request holds a connection. Those of HTTP/2 may be idle; others were not for a second request. */
    public static void assertNothingHeld(ClientSession session) {
        SessionStats now = session.stats();
        assertEquals(new SessionStats(0, Spoken.isHttp2() ? now.idle() : 0, 0), now);
    }

    /** Waits until something is so, while the loop runs; the test's own timeout ends it if it never is. */
    public static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            Asyncio.sleep(Duration.ofMillis(1)).await();
        }
    }

    /** Waits for a server's thread, while the loop runs. */
    public static void until(CountDownLatch latch) {
        until(() -> latch.getCount() == 0);
    }

    /** Waits for the client, on a server's thread. */
    public static void hold(CountDownLatch latch) throws InterruptedException {
        if (!latch.await(25, TimeUnit.SECONDS)) {
            throw new AssertionError("the client never came so far");
        }
    }
}
