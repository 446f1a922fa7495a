package dev.weft.benchmarks.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.OpenSSLEngineOptions;

/**
 * Vert.x, its core {@code HttpClient}, which costs less than the {@code WebClient} on top of it. Settings: one event loop on epoll, TLS by OpenSSL,
 * idle connections kept, requests sent from the event loop.
 */
final class VertxHttp implements Contender {
    private final Vertx vertx =
            Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    private final HttpClient client;

    VertxHttp(int connections, boolean http2) {
        client = vertx.createHttpClient(
                new HttpClientOptions()
                        .setProtocolVersion(http2 ? HttpVersion.HTTP_2 : HttpVersion.HTTP_1_1)
                        .setUseAlpn(http2)
                        .setKeepAliveTimeout(600)
                        .setHttp2KeepAliveTimeout(600)
                        .setSslEngineOptions(new OpenSSLEngineOptions()),
                new PoolOptions().setHttp1MaxSize(Math.max(1, connections)).setHttp2MaxSize(Math.max(1, connections)));
    }

    @Override
    public void run(Work work) throws Exception {
        vertx.runOnContext(ignored -> {
            for (int i = 0; i < work.inFlight(); i++) {
                work.next(this::send);
            }
        });
        work.await();
    }

    private void send(String url, Work.Answer answer) {
        client.request(new RequestOptions().setMethod(HttpMethod.GET).setAbsoluteURI(url))
                .compose(HttpClientRequest::send)
                .compose(VertxHttp::drop)
                .onComplete(status -> answer.ended(status.succeeded() ? status.result() : 0, status.cause()));
    }

    private static Future<Integer> drop(HttpClientResponse response) {
        response.handler(ignored -> {});
        return response.end().map(ignored -> response.statusCode());
    }

    @Override
    public void close() throws Exception {
        vertx.close().await();
    }
}
