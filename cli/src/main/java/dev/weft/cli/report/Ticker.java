package dev.weft.cli.report;

import dev.weft.loop.Asyncio;
import dev.weft.loop.Loop;
import dev.weft.loop.TimerHandle;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Lets a report show how it goes, as often as it wants to, until it is closed. Confined to the loop's thread. */
public final class Ticker implements AutoCloseable {
    private final Loop loop = Asyncio.getRunningLoop();
    private final Report report;
    private @Nullable TimerHandle timer;

    /** Begins at once. */
    public Ticker(Report report) {
        this.report = report;
        report.open();
        next();
    }

    private void next() {
        Duration period = report.period();
        if (period.isPositive()) {
            timer = loop.callLater(period, this::tick);
        }
    }

    private void tick() {
        report.tick(System.nanoTime());
        next();
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.cancel();
        }
        report.close();
    }
}
