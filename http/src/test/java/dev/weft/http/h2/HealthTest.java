package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** When a silent server is asked, and when it is given up. On a clock that the test moves. */
class HealthTest {
    private static final H2Terms TERMS = new H2Terms(100, Duration.ofSeconds(10), Duration.ofSeconds(5));

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final StringBuilder said = new StringBuilder();
    private boolean busy = true;

    private Health health(H2Terms terms) {
        channel.freezeTime();
        EventExecutor loop = channel.eventLoop();
        return new Health(loop, terms, new Health.Owner() {
            @Override
            public boolean isBusy() {
                return busy;
            }

            @Override
            public void ping() {
                said.append("ping ");
            }

            @Override
            public void dead() {
                said.append("dead ");
            }
        });
    }

    private String after(int seconds) {
        channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        return said.toString();
    }

    @Test
    void silence() {
        health(TERMS).begin();
        assertEquals("", after(9));
        assertEquals("ping ", after(1));
        assertEquals("ping ", after(4));
        assertEquals("ping dead ", after(1));
        assertEquals("ping dead ", after(100));
    }

    @Test
    void aSignOfLife() {
        Health health = health(TERMS);
        health.begin();
        after(9);
        health.heard();
        assertEquals("", after(1));
        assertEquals("", after(8));
        assertEquals("ping ", after(1));
        after(4);
        health.heard();
        assertEquals("ping ", after(6));
        assertEquals("ping ping ", after(4));
    }

    @Test
    void nothingIsOwed() {
        Health health = health(TERMS);
        health.begin();
        busy = false;
        assertEquals("", after(100));
        busy = true;
        health.begin();
        assertEquals("", after(9));
        assertEquals("ping ", after(1));
    }

    @Test
    void never() {
        health(new H2Terms(100, Duration.ZERO, Duration.ofSeconds(5))).begin();
        assertEquals("", after(1000));
    }

    @Test
    void theEnd() {
        Health health = health(TERMS);
        health.begin();
        health.end();
        assertEquals("", after(1000));
    }
}
