package dev.weft.it;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.ClientSession;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** By HTTP/1.1, in the clear; and the first lines of the README. */
class WireMockTest extends WireMockCases {
    @Override
    ClientSession.Builder session() {
        return ClientSession.builder();
    }

    @Override
    String url(String path) {
        return "http://127.0.0.1:" + server.port() + path;
    }

    @Test
    void theFirstHundredCharactersOfAPage() {
        String page = "<html>" + "weft ".repeat(100) + "</html>";
        server.stubFor(get("/page").willReturn(ok(page).withHeader("Content-Type", "text/html; charset=utf-8")));
        assertEquals(page.substring(0, 100), ReadmeExamples.firstHundred(url("/page")));
    }

    @Test
    void gatherGivesThePagesInTheOrderOfTheUrls() {
        List<String> urls = IntStream.range(0, 50)
                .mapToObj(i -> {
                    server.stubFor(get("/" + i).willReturn(ok("x".repeat(i)).withFixedDelay(i % 7 == 0 ? 20 : 0)));
                    return url("/" + i);
                })
                .toList();
        assertEquals(IntStream.range(0, 50).boxed().toList(), ReadmeExamples.lengths(urls));
    }
}
