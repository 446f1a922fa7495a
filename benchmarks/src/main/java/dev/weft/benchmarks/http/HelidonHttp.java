package dev.weft.benchmarks.http;

import io.helidon.webclient.api.HttpClientResponse;
import io.helidon.webclient.api.WebClient;
import java.io.InputStream;
import java.io.OutputStream;

/** Helidon's WebClient, blocking calls on virtual threads. Settings: as many idle connections kept as are asked for. */
final class HelidonHttp implements Contender {
    private final WebClient client;

    HelidonHttp(int connections, boolean http2) {
        client = WebClient.builder()
                .addProtocolPreference(http2 ? "h2" : "http/1.1")
                .connectionCacheSize(Math.max(1, connections))
                .shareConnectionCache(false)
                .build();
    }

    @Override
    public void run(Work work) throws Exception {
        work.byVirtualThread(url -> {
            try (HttpClientResponse response = client.get().uri(url).request();
                    InputStream body = response.inputStream()) {
                body.transferTo(OutputStream.nullOutputStream());
                return response.status().code();
            }
        });
    }

    @Override
    public void close() {
        client.closeResource();
    }
}
