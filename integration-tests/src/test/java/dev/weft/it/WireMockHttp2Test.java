package dev.weft.it;

import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.ClientSession;
import dev.weft.loop.Asyncio;
import dev.weft.loop.net.dial.Tls;
import org.junit.jupiter.api.Test;

/** By HTTP/2, which its server of TLS agrees to. */
class WireMockHttp2Test extends WireMockCases {
    @Override
    ClientSession.Builder session() {
        return ClientSession.builder().tls(Tls.builder().insecure().build());
    }

    @Override
    String url(String path) {
        return "https://127.0.0.1:" + server.httpsPort() + path;
    }

    @Test
    void itIsHttp2() {
        server.stubFor(get("/").willReturn(ok("13 characters")));
        Asyncio.run(() -> {
            try (var session = session().build();
                    var response = session.get(url("/")).await()) {
                assertEquals("HTTP/2", response.version());
            }
        });
    }
}
