package dev.weft.benchmarks.http;

import java.time.Duration;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** Reactor Netty. Settings: one event loop, on epoll as by default, TLS by OpenSSL as by default, idle connections kept. */
final class ReactorHttp implements Contender {
    private final LoopResources loops = LoopResources.create("reactor", 1, true);
    private final ConnectionProvider connections;
    private final HttpClient client;

    ReactorHttp(int most, boolean http2) {
        connections = ConnectionProvider.builder("reactor")
                .maxConnections(Math.max(1, most))
                .pendingAcquireMaxCount(-1)
                .maxIdleTime(Duration.ofMinutes(10))
                .build();
        client = HttpClient.create(connections).runOn(loops).protocol(http2 ? HttpProtocol.H2 : HttpProtocol.HTTP11);
    }

    @Override
    public void run(Work work) throws Exception {
        work.byCallback((url, answer) -> client.get()
                .uri(url)
                .responseSingle(
                        (head, body) -> body.then().then(Mono.just(head.status().code())))
                .subscribe(status -> answer.ended(status, null), failure -> answer.ended(0, failure)));
    }

    @Override
    public void close() {
        connections.dispose();
        loops.dispose();
    }
}
