package dev.weft.http.message;

import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Listeners as one, told in their order. If one fails the others are told all the same; then the first failure is thrown. */
final class AllListeners implements ClientListener {
    private final List<ClientListener> listeners;

    AllListeners(List<ClientListener> listeners) {
        this.listeners = listeners;
    }

    private void tell(Consumer<ClientListener> signal) {
        Throwable failure = null;
        for (ClientListener listener : listeners) {
            try {
                signal.accept(listener);
            } catch (RuntimeException | Error e) {
                if (failure == null) {
                    failure = e;
                } else if (!failure.equals(e)) {
                    failure.addSuppressed(e);
                }
            }
        }
        rethrow(failure);
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof RuntimeException unchecked) {
            throw unchecked;
        }
    }

    /** One that cannot begin says so at its first signal, where the others are told all the same. */
    @Override
    public ClientListener begin(CallInfo call) {
        List<ClientListener> begun = new ArrayList<>(listeners.size());
        for (ClientListener listener : listeners) {
            try {
                begun.add(listener.begin(call));
            } catch (RuntimeException | Error e) {
                begun.add(new Failed(e));
            }
        }
        return new AllListeners(begun);
    }

    private record Failed(Throwable failure) implements ClientListener {
        @Override
        public void requestStart(CallInfo call) {
            rethrow(failure);
        }
    }

    @Override
    public void requestStart(CallInfo call) {
        tell(listener -> listener.requestStart(call));
    }

    @Override
    public void queuedStart(CallInfo call) {
        tell(listener -> listener.queuedStart(call));
    }

    @Override
    public void queuedEnd(CallInfo call) {
        tell(listener -> listener.queuedEnd(call));
    }

    @Override
    public void dnsStart(CallInfo call, String host) {
        tell(listener -> listener.dnsStart(call, host));
    }

    @Override
    public void dnsEnd(CallInfo call, String host, List<InetAddress> addresses) {
        tell(listener -> listener.dnsEnd(call, host, addresses));
    }

    @Override
    public void connectStart(CallInfo call, SocketAddress address) {
        tell(listener -> listener.connectStart(call, address));
    }

    @Override
    public void connectEnd(CallInfo call, SocketAddress address, @Nullable Throwable failure) {
        tell(listener -> listener.connectEnd(call, address, failure));
    }

    @Override
    public void tlsStart(CallInfo call) {
        tell(listener -> listener.tlsStart(call));
    }

    @Override
    public void tlsEnd(CallInfo call, @Nullable SSLSession session) {
        tell(listener -> listener.tlsEnd(call, session));
    }

    @Override
    public void connectionReused(CallInfo call, SocketAddress remote) {
        tell(listener -> listener.connectionReused(call, remote));
    }

    @Override
    public void headersSent(CallInfo call) {
        tell(listener -> listener.headersSent(call));
    }

    @Override
    public void chunkSent(CallInfo call, int bytes) {
        tell(listener -> listener.chunkSent(call, bytes));
    }

    @Override
    public void firstByte(CallInfo call) {
        tell(listener -> listener.firstByte(call));
    }

    @Override
    public void interim(CallInfo call, ResponseHead head) {
        tell(listener -> listener.interim(call, head));
    }

    @Override
    public void responseHead(CallInfo call, ResponseHead head) {
        tell(listener -> listener.responseHead(call, head));
    }

    @Override
    public void chunkReceived(CallInfo call, int bytes) {
        tell(listener -> listener.chunkReceived(call, bytes));
    }

    @Override
    public void bodyEnd(CallInfo call, long bytes) {
        tell(listener -> listener.bodyEnd(call, bytes));
    }

    @Override
    public void bodyFailed(CallInfo call, long bytes, @Nullable Throwable cause) {
        tell(listener -> listener.bodyFailed(call, bytes, cause));
    }

    @Override
    public void redirect(CallInfo call, ClientResponse response, ClientRequest next) {
        tell(listener -> listener.redirect(call, response, next));
    }

    @Override
    public void retry(CallInfo call, int attempt, Throwable cause) {
        tell(listener -> listener.retry(call, attempt, cause));
    }

    @Override
    public void requestEnd(CallInfo call, ClientResponse response) {
        tell(listener -> listener.requestEnd(call, response));
    }

    @Override
    public void requestFailed(CallInfo call, Throwable cause) {
        tell(listener -> listener.requestFailed(call, cause));
    }

    @Override
    public void connectionClosed(CallInfo call, String reason) {
        tell(listener -> listener.connectionClosed(call, reason));
    }

    @Override
    public void callEnd(CallInfo call) {
        tell(listener -> listener.callEnd(call));
    }
}
