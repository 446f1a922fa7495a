package dev.weft.http.connect;

import dev.weft.http.message.DnsException;
import dev.weft.http.message.Phase;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Future;
import dev.weft.loop.Loop;
import dev.weft.loop.Task;
import dev.weft.loop.net.channel.Dialer;
import dev.weft.loop.net.dial.ConnectOptions;
import dev.weft.loop.net.dial.ResolveException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The names that are being looked up for a session: one question for each name, whoever asks. Who gives up leaves it to the others; when
 * nobody is left, it is cancelled. Confined to the loop.
 */
final class LookUps {
    private final Loop loop;
    private final ConnectOptions options;
    private final Map<String, LookUp> underWay = new HashMap<>();

    private static final class LookUp {
        final Task<List<InetSocketAddress>> task;
        int waiters;

        LookUp(Task<List<InetSocketAddress>> task) {
            this.task = task;
        }
    }

    LookUps(Loop loop, ConnectOptions options) {
        this.loop = loop;
        this.options = options;
    }

    /**
     * The addresses of a host, those of both families taking turns; at least one.
     *
     * @throws DnsException if it has none
     */
    List<InetSocketAddress> of(Patience wait, Origin peer) {
        String host = peer.host();
        int port = peer.port();
        try {
            List<InetSocketAddress> found =
                    Dialer.isLiteral(host) ? Dialer.resolve(host, port, options) : told(wait, host);
            return found.stream()
                    .map(address -> new InetSocketAddress(address.getAddress(), port))
                    .toList();
        } catch (ResolveException e) {
            String what = e.isTemporary() ? " cannot be looked up now" : " has no address";
            throw new DnsException(wait.request(), "the host " + host + what, e);
        }
    }

    private List<InetSocketAddress> told(Patience wait, String host) {
        ConnectListener listener = wait.listener();
        if (listener == null) {
            return ask(wait, host);
        }
        listener.onLookUp(host);
        List<InetSocketAddress> found = List.of();
        try {
            found = ask(wait, host);
            return found;
        } finally {
            listener.onAddresses(
                    host, found.stream().map(InetSocketAddress::getAddress).toList());
        }
    }

    private List<InetSocketAddress> ask(Patience wait, String host) {
        LookUp lookUp = underWay.get(host);
        if (lookUp == null) {
            lookUp = start(host);
            if (lookUp.task.isDone()) {
                return lookUp.task.result();
            }
        }
        Future<List<InetSocketAddress>> answer = loop.createFuture();
        Consumer<Future<List<InetSocketAddress>>> answered = ended -> Child.hand(ended, answer);
        lookUp.task.addDoneCallback(answered);
        lookUp.waiters++;
        try {
            return wait.await(Phase.DNS, answer);
        } finally {
            lookUp.waiters--;
            if (!lookUp.task.isDone()) {
                lookUp.task.removeDoneCallback(answered);
                if (lookUp.waiters == 0) {
                    underWay.remove(host, lookUp);
                    lookUp.task.cancel();
                }
            }
        }
    }

    private LookUp start(String host) {
        LookUp started = new LookUp(Asyncio.createEagerTask(() -> Dialer.resolve(host, 0, options)));
        if (!started.task.isDone()) {
            underWay.put(host, started);
            started.task.addDoneCallback(ended -> {
                underWay.remove(host, started);
                // Whether it failed is for those to see who wait.
                boolean _ = !ended.isCancelled() && ended.exception() != null;
            });
        }
        return started;
    }
}
