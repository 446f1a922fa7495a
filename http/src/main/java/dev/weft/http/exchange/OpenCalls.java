package dev.weft.http.exchange;

import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The calls of a session that are under way. The session stays reachable while there are any, whoever has dropped it: a call that runs is
 * not to be cut off by the garbage collector. Confined to the loop.
 */
final class OpenCalls {
    private final Loop loop;
    private final WeakReference<Object> session;
    private final boolean traced;
    private final Counters counters = new Counters();
    /** The calls are chained, in the order in which they began: there may be thousands. */
    private @Nullable Call first;

    private @Nullable Call last;
    /** How many the program waits for; each may have a call or, while middleware is at work, none. */
    private int awaited;
    /** The session, while there are requests: it is enough that it is held. */
    @SuppressWarnings("UnusedVariable")
    private @Nullable Object anchor;

    private @Nullable Future<@Nullable Void> drained;

    /**
     * None yet.
     *
     * @param session what is to stay reachable
     */
    OpenCalls(Loop loop, Object session) {
        this.loop = loop;
        this.session = new WeakReference<>(session);
        this.traced = loop.isDebug() || "full".equals(System.getProperty("weft.leaks"));
    }

    /** Whether each call keeps the stack of who made it. */
    boolean isTraced() {
        return traced;
    }

    Counters counters() {
        return counters;
    }

    /** The program waits for a request from now on. */
    void awaited() {
        awaited++;
        holdSession();
    }

    private void holdSession() {
        if (anchor == null) {
            anchor = session.get();
        }
    }

    /** It has its answer, or its failure. */
    void answered() {
        awaited--;
        endIfNone();
    }

    /** A call is under way from now on. */
    void add(Call call) {
        Call before = last;
        last = call;
        call.before = before;
        if (before == null) {
            first = call;
        } else {
            before.after = call;
        }
        holdSession();
    }

    /** It has ended, once. */
    void remove(Call call) {
        Call before = call.before;
        Call after = call.after;
        if (before == null) {
            first = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.before = before;
        }
        call.before = null;
        call.after = null;
        endIfNone();
    }

    private void endIfNone() {
        if (isEmpty()) {
            anchor = null;
            if (drained != null && !drained.isDone()) {
                drained.setResult(null);
            }
        }
    }

    private boolean isEmpty() {
        return awaited == 0 && first == null;
    }

    /** Those that are under way now, the oldest first. */
    List<Call> now() {
        List<Call> now = new ArrayList<>();
        for (Call call = first; call != null; call = call.after) {
            now.add(call);
        }
        return now;
    }

    /** Done when none is under way any more. */
    Future<@Nullable Void> drained() {
        Future<@Nullable Void> done = drained;
        if (done == null || done.isDone()) {
            done = loop.createFuture();
            drained = done;
            if (isEmpty()) {
                done.setResult(null);
            }
        }
        return done;
    }

    /** Who holds the connections, for the error of a request that got none: as "; 2 responses still open, ...". */
    String holders() {
        List<Exchange> open = exchanges(Exchange::isResponseOpen);
        if (!open.isEmpty()) {
            return "; " + counted(open, "response") + " still open" + oldest(open);
        }
        List<Exchange> waiting = exchanges(exchange -> exchange.isLeased() && exchange.answer() == null);
        return waiting.isEmpty() ? "" : "; " + counted(waiting, "request") + " without an answer yet" + oldest(waiting);
    }

    private List<Exchange> exchanges(Predicate<Exchange> which) {
        return now().stream()
                .flatMap(call -> call.exchanges().stream())
                .filter(which)
                .sorted(Comparator.comparingLong(Exchange::phaseNanos))
                .toList();
    }

    private static String counted(List<Exchange> exchanges, String what) {
        return exchanges.size() + " " + what + (exchanges.size() == 1 ? "" : "s");
    }

    private String oldest(List<Exchange> exchanges) {
        Exchange oldest = exchanges.getFirst();
        return ", the oldest: " + oldest.request() + " since "
                + SessionDump.seconds(loop.nanoTime() - oldest.phaseNanos());
    }
}
