package dev.weft.benchmarks.http;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;

/** Jetty's client. Settings: one selector, the default thread pool, idle connections kept, no limit of its own to the queue. */
final class JettyHttp implements Contender {
    private final HttpClient client = new HttpClient(new HttpClientTransportOverHTTP(1));

    JettyHttp(int connections) throws Exception {
        client.setMaxConnectionsPerDestination(Math.max(1, connections));
        client.setMaxRequestsQueuedPerDestination(Integer.MAX_VALUE);
        client.setIdleTimeout(600_000);
        client.start();
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
