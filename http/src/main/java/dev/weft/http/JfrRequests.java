package dev.weft.http;

import dev.weft.http.message.CallInfo;
import dev.weft.http.message.ClientListener;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.ResponseHead;
import dev.weft.loop.Asyncio;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.util.List;
import javax.net.ssl.SSLSession;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * Tells the JDK's flight recorder of each request of the program, when it is over. Its classes are loaded only for a loop that
 * {@linkplain dev.weft.loop.Loop#isRecorded() tells the recorder}: that takes a tenth of a second. Confined to the loop.
 */
final class JfrRequests implements ClientListener {
    private static final ClientListener NOBODY = new ClientListener() {};

    /** From the start of a request of the program to the end of its body, all hops and attempts included. */
    @Name("dev.weft.HttpRequest")
    @Label("HTTP Request")
    @Category("Weft")
    @StackTrace(false)
    static final class RequestEvent extends Event {
        @Label("Method")
        String method = "";

        @Label("URL")
        @Description("Of the last hop, without user, password, query and fragment, which may be secret")
        String url = "";

        @Label("Status")
        @Description("Of the last answer, 0 if none came")
        int status;

        @Label("Hops")
        @Description("1, and one for each redirect that was followed")
        int hops;

        @Label("Attempts")
        @Description("On the last hop")
        int attempts;

        @Label("Reused Connection")
        @Description("Whether the last attempt went over a connection that had been used before")
        boolean reused;

        @Label("Queue")
        @Description("The wait for a free connection")
        @Timespan(Timespan.NANOSECONDS)
        long queue;

        @Label("DNS")
        @Timespan(Timespan.NANOSECONDS)
        long dns;

        @Label("Connect")
        @Timespan(Timespan.NANOSECONDS)
        long connect;

        @Label("TLS")
        @Timespan(Timespan.NANOSECONDS)
        long tls;

        @Label("First Byte")
        @Description("From the sent head to the first byte of the answer")
        @Timespan(Timespan.NANOSECONDS)
        long firstByte;

        @Label("Bytes Sent")
        @DataAmount(DataAmount.BYTES)
        long bytesSent;

        @Label("Bytes Received")
        @DataAmount(DataAmount.BYTES)
        long bytesReceived;

        @Label("Failure")
        @Description("The class of what went wrong, empty if nothing did")
        String failure = "";
    }

    @Override
    public ClientListener begin(CallInfo call) {
        RequestEvent event = new RequestEvent();
        return event.isEnabled() ? new OneCall(event) : NOBODY;
    }

    /** A span that is measured several times; what overlaps counts once. */
    private static final class Span {
        private long nanos;
        private long since;
        private int underWay;

        void start(long now) {
            if (underWay++ == 0) {
                since = now;
            }
        }

        void end(long now) {
            if (underWay > 0 && --underWay == 0) {
                nanos += now - since;
            }
        }
    }

    private static final class OneCall implements ClientListener {
        private final RequestEvent event;
        private final Span queue = new Span();
        private final Span dns = new Span();
        private final Span connect = new Span();
        private final Span tls = new Span();
        private final Span firstByte = new Span();

        OneCall(RequestEvent event) {
            this.event = event;
        }

        @Override
        public void requestStart(CallInfo call) {
            seen(call);
            event.begin();
        }

        private void seen(CallInfo call) {
            HttpUrl url = call.request().url();
            event.method = call.request().method();
            event.url = url.origin() + url.path();
            event.hops = call.hop();
            event.attempts = call.attempt();
        }

        @Override
        public void queuedStart(CallInfo call) {
            queue.start(call.nanoTime());
        }

        @Override
        public void queuedEnd(CallInfo call) {
            queue.end(call.nanoTime());
        }

        @Override
        public void dnsStart(CallInfo call, String host) {
            dns.start(call.nanoTime());
        }

        @Override
        public void dnsEnd(CallInfo call, String host, List<InetAddress> addresses) {
            dns.end(call.nanoTime());
        }

        @Override
        public void connectStart(CallInfo call, SocketAddress address) {
            connect.start(call.nanoTime());
        }

        @Override
        public void connectEnd(CallInfo call, SocketAddress address, @Nullable Throwable failure) {
            connect.end(call.nanoTime());
        }

        @Override
        public void tlsStart(CallInfo call) {
            tls.start(call.nanoTime());
        }

        @Override
        public void tlsEnd(CallInfo call, @Nullable SSLSession session) {
            tls.end(call.nanoTime());
        }

        @Override
        public void connectionReused(CallInfo call, SocketAddress remote) {
            event.reused = true;
        }

        @Override
        public void headersSent(CallInfo call) {
            firstByte.start(call.nanoTime());
        }

        @Override
        public void chunkSent(CallInfo call, int bytes) {
            event.bytesSent += bytes;
        }

        @Override
        public void firstByte(CallInfo call) {
            firstByte.end(call.nanoTime());
        }

        @Override
        public void responseHead(CallInfo call, ResponseHead head) {
            seen(call);
            event.status = head.status();
        }

        @Override
        public void chunkReceived(CallInfo call, int bytes) {
            event.bytesReceived += bytes;
        }

        @Override
        public void bodyFailed(CallInfo call, long bytes, @Nullable Throwable cause) {
            if (cause != null) {
                event.failure = cause.getClass().getSimpleName();
            }
        }

        @Override
        public void requestFailed(CallInfo call, Throwable cause) {
            event.failure = cause.getClass().getSimpleName();
        }

        @Override
        public void callEnd(CallInfo call) {
            event.end();
            if (event.shouldCommit()) {
                event.queue = queue.nanos;
                event.dns = dns.nanos;
                event.connect = connect.nanos;
                event.tls = tls.nanos;
                event.firstByte = firstByte.nanos;
                commit();
            }
        }

        /**
         * In a task: where the loop's thread carries its tasks, the JDK loses the first event that this thread writes after a task's thread has
         * written one.
         */
        private void commit() {
            if (Thread.currentThread().isVirtual()) {
                event.commit();
            } else {
                Asyncio.createEagerTask(event::commit);
            }
        }
    }
}
