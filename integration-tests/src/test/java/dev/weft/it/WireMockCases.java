package dev.weft.it;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static dev.weft.loop.Asyncio.gather;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientTimeout;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.loop.Asyncio;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against an ordinary mock server, as its users will test with it: the same by each version of HTTP. */
abstract class WireMockCases {
    final WireMockServer server = new WireMockServer(WireMockConfiguration.options()
            .dynamicPort()
            .dynamicHttpsPort()
            .bindAddress("127.0.0.1")
            .gzipDisabled(false)
            .maxHttpClientConnections(100));

    @BeforeEach
    void start() {
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    /** What a session is made of. */
    abstract ClientSession.Builder session();

    /** Where a path of the server is. */
    abstract String url(String path);

    /** A JSON object of the tests. */
    record Dish(String name, int minutes) {}

    @Test
    void jsonBothWays() {
        server.stubFor(post("/dishes")
                .willReturn(aResponse().withStatus(201).withBody("""
                {"name":"米饭","minutes":3}""").withHeader("Content-Type", "application/json")));
        Asyncio.run(() -> {
            try (var session = session().build();
                    var response = session.post(url("/dishes"))
                            .json(Map.of("name", "rice", "minutes", 3))
                            .await()) {
                assertEquals(201, response.status());
                assertEquals(new Dish("米饭", 3), response.json(Dish.class).await());
            }
        });
        server.verify(postRequestedFor(urlEqualTo("/dishes"))
                .withHeader("Content-Type", equalTo("application/json"))
                .withRequestBody(equalToJson("{\"name\":\"rice\",\"minutes\":3}")));
    }

    @Test
    void queryParametersAndHeaders() {
        server.stubFor(get(urlPathEqualTo("/search"))
                .withQueryParam("q", equalTo("a b&c"))
                .withHeader("X-Who", equalTo("weft"))
                .willReturn(ok("found")));
        Asyncio.run(() -> {
            try (var session = session().build()) {
                assertEquals(
                        "found",
                        session.get(url("/search"))
                                .param("q", "a b&c")
                                .header("X-Who", "weft")
                                .text()
                                .await());
            }
        });
    }

    @Test
    void aCompressedPage() {
        String page = "compress me ".repeat(2_000);
        server.stubFor(get("/zip")
                .withHeader("Accept-Encoding", equalTo("gzip, deflate, br, zstd"))
                .willReturn(ok(page)));
        Asyncio.run(() -> {
            try (var session = session().build();
                    var response = session.get(url("/zip")).await()) {
                assertEquals("gzip", response.headers().first("Content-Encoding"));
                assertEquals(page, response.text().await());
            }
        });
    }

    @Test
    void theDeadlineOfARequest() {
        server.stubFor(get("/slow").willReturn(ok("late").withFixedDelay(5_000)));
        Asyncio.run(() -> {
            try (var session = session().build()) {
                assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(url("/slow"))
                                .timeout(ClientTimeout.total(Duration.ofMillis(100)))
                                .text()
                                .await());
            }
        });
    }

    @Test
    void brokenAnswersAreErrorsOfTheClient() {
        Map<String, Fault> faults = Map.of(
                "/empty", Fault.EMPTY_RESPONSE,
                "/reset", Fault.CONNECTION_RESET_BY_PEER,
                "/garbage", Fault.RANDOM_DATA_THEN_CLOSE,
                "/chunk", Fault.MALFORMED_RESPONSE_CHUNK);
        faults.forEach(
                (path, fault) -> server.stubFor(get(path).willReturn(aResponse().withFault(fault))));
        Asyncio.run(() -> {
            try (var session = session().build()) {
                for (String path : faults.keySet()) {
                    assertThrows(
                            ClientException.class,
                            () -> session.get(url(path)).text().await(),
                            path);
                }
                assertEquals(0, session.stats().acquired());
            }
        });
    }

    @Test
    void aThousandRequestsOverTenConnections() {
        server.stubFor(get("/").willReturn(ok("13 characters")));
        Asyncio.run(() -> {
            try (var session = session().limit(10).build()) {
                List<String> texts = gather(
                                Collections.nCopies(1_000, url("/")),
                                url -> session.get(url).text().await())
                        .await();
                assertEquals(Collections.nCopies(1_000, "13 characters"), texts);
            }
        });
    }
}
