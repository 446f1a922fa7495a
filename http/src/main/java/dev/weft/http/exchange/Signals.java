package dev.weft.http.exchange;

import dev.weft.http.connect.ConnectListener;
import dev.weft.http.message.CallInfo;
import dev.weft.http.message.ClientListener;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Options;
import dev.weft.loop.Loop;
import dev.weft.loop.LoopError;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.function.BiConsumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * What tells a {@link ClientListener} of one attempt, or of a call as a whole; null everywhere where nobody listens. What a listener throws
 * goes to the loop's exception handler. Confined to the loop.
 */
final class Signals implements ConnectListener {
    private final Loop loop;
    private final ClientListener listener;
    private final CallInfo info;
    /** Those of the call as a whole; null in these themselves. */
    private final @Nullable Signals whole;
    /** How much of the call is under way: what the program waits for, and attempts. */
    private int underWay;

    private boolean firstByteTold;

    private Signals(Loop loop, ClientListener listener, CallInfo info, @Nullable Signals whole) {
        this.loop = loop;
        this.listener = listener;
        this.info = info;
        this.whole = whole;
    }

    /** Of a call that begins now, {@link #ended} once; null if nobody listens. */
    static @Nullable Signals begin(Loop loop, ClientRequest request) {
        ClientListener listener = request.attribute(Options.LISTENER);
        if (listener == null) {
            return null;
        }
        CallInfo info = CallInfo.begin(request, loop::nanoTime);
        Signals signals;
        try {
            signals = new Signals(loop, listener.begin(info), info, null);
        } catch (Throwable e) {
            report(loop, listener, "begin", e);
            return null;
        }
        signals.underWay = 1;
        signals.tell("requestStart", ClientListener::requestStart);
        return signals;
    }

    /** Of an attempt that begins now, {@link #ended} once. */
    Signals sending(ClientRequest request, int hop, int attempt) {
        underWay++;
        return sent(request, hop, attempt);
    }

    /** Of an attempt that was. */
    Signals sent(ClientRequest request, int hop, int attempt) {
        return new Signals(loop, listener, info.sending(request, hop, attempt), this);
    }

    /** An attempt has ended, or the call has, as far as the program waits for it. */
    void ended() {
        Signals call = whole == null ? this : whole;
        if (--call.underWay == 0) {
            call.tell("callEnd", ClientListener::callEnd);
        }
    }

    CallInfo info() {
        return info;
    }

    /** Tells the listener of a signal. */
    void tell(String signal, BiConsumer<ClientListener, CallInfo> call) {
        try {
            call.accept(listener, info);
        } catch (Throwable e) {
            report(loop, listener, signal, e);
        }
    }

    private static void report(Loop loop, ClientListener listener, String signal, Throwable failure) {
        loop.callExceptionHandler(
                new LoopError("Exception in " + signal + " of the listener " + listener, failure, null, null, null));
    }

    /** Bytes of an answer came. */
    void packet() {
        if (!firstByteTold) {
            firstByteTold = true;
            tell("firstByte", ClientListener::firstByte);
        }
    }

    @Override
    public void onLookUp(String host) {
        tell("dnsStart", (to, call) -> to.dnsStart(call, host));
    }

    @Override
    public void onAddresses(String host, List<InetAddress> addresses) {
        tell("dnsEnd", (to, call) -> to.dnsEnd(call, host, addresses));
    }

    @Override
    public void onConnect(SocketAddress address) {
        tell("connectStart", (to, call) -> to.connectStart(call, address));
    }

    @Override
    public void onConnected(SocketAddress address, @Nullable Throwable failure) {
        tell("connectEnd", (to, call) -> to.connectEnd(call, address, failure));
    }

    @Override
    public void onHandshake() {
        tell("tlsStart", ClientListener::tlsStart);
    }

    @Override
    public void onSecured(@Nullable SSLSession session) {
        tell("tlsEnd", (to, call) -> to.tlsEnd(call, session));
    }
}
