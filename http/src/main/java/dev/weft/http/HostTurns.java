package dev.weft.http;

import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Puts the items of an input in an order in which no host has more than so many under way: an item whose host has its turn overtakes those
 * of hosts that do not. Reads no further ahead than so many items. Waits, in the task that asks, when no host has its turn. Several tasks may
 * {@link #take} at the same time; the iterator is for one. Confined to the loop.
 *
 * <p>Invariant: among the items that may go, the one that came first goes first. One task at most reads the input; while it waits for that,
 * others take what gets its turn.
 */
public final class HostTurns<A> implements Iterator<A> {
    private final Loop loop;
    private final Iterator<? extends A> input;
    private final Function<? super A, String> hostOf;
    private final int perHost;
    private final int lookAhead;
    private final Map<String, Host<A>> hosts = new HashMap<>();
    /** Hosts that have an item and a turn, the one whose first item came first in front. */
    private final PriorityQueue<Host<A>> ready =
            new PriorityQueue<>((a, b) -> Long.compare(a.items.getFirst().number, b.items.getFirst().number));

    /** Tasks that wait for a turn, or for their time to read the input. */
    private final ArrayDeque<Future<@Nullable Void>> waiters = new ArrayDeque<>();

    private int held;
    private long numbers;
    private boolean reading;
    private boolean exhausted;

    private record Item<A>(long number, A value) {}

    private static final class Host<A> {
        final ArrayDeque<Item<A>> items = new ArrayDeque<>(2);
        int running;
        boolean isReady;
    }

    /**
     * @param input the items; its {@code next} may wait
     * @param hostOf the name of the host of an item; items with equal names share its turns
     * @param perHost how many of one host may be under way
     * @param lookAhead how many items are taken from the input, at most, to find one whose host has its turn
     */
    public HostTurns(
            Loop loop, Iterator<? extends A> input, Function<? super A, String> hostOf, int perHost, int lookAhead) {
        this.loop = loop;
        this.input = input;
        this.hostOf = hostOf;
        this.perHost = perHost;
        this.lookAhead = lookAhead;
    }

    @Override
    public boolean hasNext() {
        return held > 0 || input.hasNext();
    }

    @Override
    public A next() {
        A item = take();
        if (item == null) {
            throw new NoSuchElementException("no more input");
        }
        return item;
    }

    /** The next item; waits until its host has a turn. Null when there are no more. */
    public @Nullable A take() {
        while (true) {
            if (!reading) {
                readAhead();
            }
            Host<A> host = ready.poll();
            if (host != null) {
                A value = start(host);
                wakeOne();
                return value;
            }
            if (held == 0 && exhausted) {
                wakeOne();
                return null;
            }
            Future<@Nullable Void> turn = loop.createFuture();
            waiters.add(turn);
            try {
                turn.await();
            } finally {
                waiters.remove(turn);
            }
        }
    }

    private void readAhead() {
        reading = true;
        boolean read = false;
        try {
            while (ready.isEmpty() && held < lookAhead && !exhausted) {
                if (input.hasNext()) {
                    add(input.next());
                } else {
                    exhausted = true;
                }
            }
            read = true;
        } finally {
            reading = false;
            if (!read) {
                // Whoever waits finds out for himself what is wrong with the input.
                wakeOne();
            }
        }
    }

    /** One is enough: it wakes the next when it has taken something. */
    private void wakeOne() {
        for (Future<@Nullable Void> waiter = waiters.poll(); waiter != null; waiter = waiters.poll()) {
            if (!waiter.isDone()) {
                waiter.setResult(null);
                return;
            }
        }
    }

    private void add(A value) {
        Host<A> host = hosts.computeIfAbsent(hostOf.apply(value), name -> new Host<>());
        host.items.add(new Item<>(numbers++, value));
        held++;
        offer(host);
    }

    private A start(Host<A> host) {
        host.isReady = false;
        A value = host.items.remove().value;
        held--;
        host.running++;
        offer(host);
        return value;
    }

    private void offer(Host<A> host) {
        if (!host.isReady && !host.items.isEmpty() && host.running < perHost) {
            host.isReady = true;
            ready.add(host);
        }
    }

    /** An item that was given out is done with; to be said once for each. */
    public void ended(A value) {
        String name = hostOf.apply(value);
        Host<A> host = hosts.get(name);
        if (host == null) {
            throw new IllegalStateException("nothing of " + name + " is under way");
        }
        host.running--;
        if (host.running == 0 && host.items.isEmpty()) {
            hosts.remove(name);
        }
        offer(host);
        wakeOne();
    }
}
