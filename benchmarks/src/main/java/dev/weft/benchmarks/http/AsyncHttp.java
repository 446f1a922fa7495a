package dev.weft.benchmarks.http;

import java.time.Duration;
import org.asynchttpclient.AsyncHandler;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.Dsl;
import org.asynchttpclient.HttpResponseBodyPart;
import org.asynchttpclient.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** AsyncHttpClient. Settings: one event loop on epoll, TLS by OpenSSL, idle connections kept. */
final class AsyncHttp implements Contender {
    private final AsyncHttpClient client;

    AsyncHttp(boolean http2) {
        client = Dsl.asyncHttpClient(Dsl.config()
                .setIoThreadsCount(1)
                .setUseNativeTransport(true)
                .setUseOnlyEpollNativeTransport(true)
                .setUseOpenSsl(true)
                .setHttp2Enabled(http2)
                .setPooledConnectionIdleTimeout(Duration.ofMinutes(10)));
    }

    /** Drops the body. */
    private static final class Drop implements AsyncHandler<@Nullable Void> {
        private final Work.Answer answer;
        private int status;

        Drop(Work.Answer answer) {
            this.answer = answer;
        }

        @Override
        public State onStatusReceived(HttpResponseStatus head) {
            status = head.getStatusCode();
            return State.CONTINUE;
        }

        @Override
        public State onHeadersReceived(io.netty.handler.codec.http.HttpHeaders headers) {
            return State.CONTINUE;
        }

        @Override
        public State onBodyPartReceived(HttpResponseBodyPart part) {
            return State.CONTINUE;
        }

        @Override
        public @Nullable Void onCompleted() {
            answer.ended(status, null);
            return null;
        }

        @Override
        public void onThrowable(Throwable failure) {
            answer.ended(0, failure);
        }
    }

    @Override
    public void run(Work work) throws Exception {
        work.byCallback((url, answer) -> client.executeRequest(Dsl.get(url).build(), new Drop(answer)));
    }

    @Override
    public void close() throws Exception {
        client.close();
    }
}
