package dev.weft.benchmarks.http;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.HttpClientTransport;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http2.client.HTTP2Client;
import org.eclipse.jetty.http2.client.transport.HttpClientTransportOverHTTP2;
import org.eclipse.jetty.io.ClientConnector;

/** Jetty's client. Settings: one selector, the default thread pool, idle connections kept, no limit of its own to the queue. */
final class JettyHttp implements Contender {
    private final HttpClient client;

    JettyHttp(int connections, boolean http2) throws Exception {
        client = new HttpClient(http2 ? overHttp2() : new HttpClientTransportOverHTTP(1));
        client.setMaxConnectionsPerDestination(Math.max(1, connections));
        client.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE);
        client.setIdleTimeout(600_000);
        client.start();
    }

    private static HttpClientTransport overHttp2() {
        ClientConnector connector = new ClientConnector();
        connector.setSelectors(1);
        return new HttpClientTransportOverHTTP2(new HTTP2Client(connector));
    }

    @Override
    public void run(Work work) throws Exception {
        work.byCallback((url, answer) -> client.newRequest(url)
                .send(result -> answer.ended(
                        result.getResponse() == null ? 0 : result.getResponse().getStatus(), result.getFailure())));
    }

    @Override
    public void close() throws Exception {
        client.stop();
    }
}
