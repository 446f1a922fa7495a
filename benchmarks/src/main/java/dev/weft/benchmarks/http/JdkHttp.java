package dev.weft.benchmarks.http;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.Executors;

/** java.net.http. Settings: one thread beside its selector, idle connections kept (by the property it has for that). */
final class JdkHttp implements Contender {
    private final HttpClient client;

    JdkHttp(boolean http2) {
        System.setProperty("jdk.httpclient.keepalive.timeout", "600");
        client = HttpClient.newBuilder()
                .version(http2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1)
                .executor(Executors.newSingleThreadExecutor(
                        Thread.ofPlatform().daemon().factory()))
                .build();
    }

    @Override
    public void run(Work work) throws Exception {
        work.byCallback((url, answer) -> client.sendAsync(
                        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                .whenComplete(
                        (response, failure) -> answer.ended(failure == null ? response.statusCode() : 0, failure)));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
