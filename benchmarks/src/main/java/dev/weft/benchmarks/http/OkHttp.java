package dev.weft.benchmarks.http;

import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;

/** OkHttp, its blocking calls on virtual threads. Settings: as many idle connections kept as are asked for. */
final class OkHttp implements Contender {
    private final OkHttpClient client;

    OkHttp(int connections) {
        client = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(Math.max(1, connections), 10, TimeUnit.MINUTES))
                .build();
    }

    @Override
    public void run(Work work) throws Exception {
        work.byVirtualThread(url -> {
            try (Response response =
                    client.newCall(new Request.Builder().url(url).build()).execute()) {
                BufferedSource body = response.body().source();
                while (!body.exhausted()) {
                    body.skip(body.getBuffer().size());
                }
                return response.code();
            }
        });
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
    }
}
