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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against an ordinary mock server, as its users will test with it. */
class WireMockTest {
    private final WireMockServer server = new WireMockServer(WireMockConfiguration.options()
            .dynamicPort()
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

    /** A JSON object of the tests. */
    record Dish(String name, int minutes) {}

    @Test
    void theFirstHundredCharactersOfAPage() {
        String page = "<html>" + "weft ".repeat(100) + "</html>";
        server.stubFor(get("/page").willReturn(ok(page).withHeader("Content-Type", "text/html; charset=utf-8")));
        assertEquals(page.substring(0, 100), ReadmeExamples.firstHundred(server.url("/page")));
    }

    @Test
    void gatherGivesThePagesInTheOrderOfTheUrls() {
        List<String> urls = IntStream.range(0, 50)
                .mapToObj(i -> {
                    server.stubFor(get("/" + i).willReturn(ok("x".repeat(i)).withFixedDelay(i % 7 == 0 ? 20 : 0)));
                    return server.url("/" + i);
                })
                .toList();
        assertEquals(IntStream.range(0, 50).boxed().toList(), ReadmeExamples.lengths(urls));
    }

    @Test
    void jsonBothWays() {
        server.stubFor(post("/dishes")
                .willReturn(aResponse().withStatus(201).withBody("""
                {"name":"米饭","minutes":3}""").withHeader("Content-Type", "application/json")));
        Asyncio.run(() -> {
            try (var session = ClientSession.create();
                    var response = session.post(server.url("/dishes"))
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
            try (var session = ClientSession.create()) {
                assertEquals(
                        "found",
                        session.get(server.url("/search"))
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
            try (var session = ClientSession.create();
                    var response = session.get(server.url("/zip")).await()) {
                assertEquals("gzip", response.headers().first("Content-Encoding"));
                assertEquals(page, response.text().await());
            }
        });
    }

    @Test
    void theDeadlineOfARequest() {
        server.stubFor(get("/slow").willReturn(ok("late").withFixedDelay(5_000)));
        Asyncio.run(() -> {
            try (var session = ClientSession.create()) {
                assertThrows(
                        TotalTimeoutException.class,
                        () -> session.get(server.url("/slow"))
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
            try (var session = ClientSession.create()) {
                for (String path : faults.keySet()) {
                    assertThrows(
                            ClientException.class,
                            () -> session.get(server.url(path)).text().await(),
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
            try (var session = ClientSession.builder().limit(10).build()) {
                List<String> texts = gather(
                                Collections.nCopies(1_000, server.url("/")),
                                url -> session.get(url).text().await())
                        .await();
                assertEquals(Collections.nCopies(1_000, "13 characters"), texts);
            }
        });
    }
}
