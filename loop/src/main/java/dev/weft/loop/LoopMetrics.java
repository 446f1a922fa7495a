package dev.weft.loop;

import java.time.Duration;

/**
 * A loop's figures at one moment.
 *
 * @param tasks that have not ended
 * @param ready callbacks and steps that are queued
 * @param timers that are pending
 * @param outside calls that run on other threads for the loop
 * @param ticks since the loop was made
 * @param steps callbacks and steps of tasks that were run
 * @param lagP50 how long half of the ticks held what came after them
 * @param lagP99 how long 99 of 100 ticks did at most
 * @param lagMax how long the longest did
 */
public record LoopMetrics(
        int tasks,
        int ready,
        int timers,
        int outside,
        long ticks,
        long steps,
        Duration lagP50,
        Duration lagP99,
        Duration lagMax) {
    @Override
    public String toString() {
        return tasks + " tasks, " + ready + " ready, " + timers + " timers, " + ticks + " ticks, lag p50 "
                + Text.seconds(lagP50) + " p99 " + Text.seconds(lagP99) + " max " + Text.seconds(lagMax);
    }
}
