package dev.weft.benchmarks.http;

import java.nio.ByteBuffer;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.async.methods.SimpleRequestProducer;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.reactor.IOReactorConfig;

/**
 * Apache HttpClient 5, async. Settings: one I/O thread, as many connections in all and to one server as are asked for. Its client for HTTP/2 is another
 * one, which has one connection to a server.
 */
final class ApacheHttp implements Contender {
    private final CloseableHttpAsyncClient client;

    ApacheHttp(int connections, boolean http2) {
        IOReactorConfig threads = IOReactorConfig.custom().setIoThreadCount(1).build();
        client = http2
                ? HttpAsyncClients.customHttp2().setIOReactorConfig(threads).build()
                : overHttp1(connections, threads);
        client.start();
    }

    private static CloseableHttpAsyncClient overHttp1(int connections, IOReactorConfig threads) {
        return HttpAsyncClients.custom()
                .setIOReactorConfig(threads)
                .setConnectionManager(PoolingAsyncClientConnectionManagerBuilder.create()
                        .setMaxConnTotal(Math.max(1, connections))
                        .setMaxConnPerRoute(Math.max(1, connections))
                        .build())
                .build();
    }

    /** Drops the body. */
    private static final class Drop extends AbstractBinResponseConsumer<Integer> {
        private int status;

        @Override
        protected void start(HttpResponse response, ContentType type) {
            status = response.getCode();
        }

        @Override
        protected int capacityIncrement() {
            return Integer.MAX_VALUE;
        }

        @Override
        protected void data(ByteBuffer body, boolean last) {
            body.position(body.limit());
        }

        @Override
        protected Integer buildResult() {
            return status;
        }

        @Override
        public void releaseResources() {}
    }

    private record Told(Work.Answer answer) implements FutureCallback<Integer> {
        @Override
        public void completed(Integer status) {
            answer.ended(status, null);
        }

        @Override
        public void failed(Exception failure) {
            answer.ended(0, failure);
        }

        @Override
        public void cancelled() {
            answer.ended(0, new IllegalStateException("cancelled"));
        }
    }

    @Override
    public void run(Work work) throws Exception {
        work.byCallback((url, answer) -> client.execute(
                SimpleRequestProducer.create(SimpleRequestBuilder.get(url).build()), new Drop(), new Told(answer)));
    }

    @Override
    public void close() throws Exception {
        client.close();
    }
}
