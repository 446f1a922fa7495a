package dev.weft.http.h1;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What one connection remembers of its requests; what may stand in them at all is the conformance tests'. */
class RequestHeadTest {
    private static final Headers FIELDS =
            Headers.builder().add("A", "\u00f8").add("Content-Length", "0").build();

    private final RequestHead heads = new RequestHead();

    private String of(String method, String url, Headers headers) {
        HttpUrl to = HttpUrl.parse(url);
        ClientRequest request = ClientRequest.of(method, to).withHeaders(headers);
        ByteBuf head = heads.of(request, to.target(), UnpooledByteBufAllocator.DEFAULT);
        String text = head.toString(StandardCharsets.UTF_8);
        head.release();
        return text;
    }

    @Test
    void whatIsSaidAgainIsSaidTheSame() {
        for (int i = 0; i < 4; i++) {
            assertEquals("GET /" + i + " HTTP/1.1\r\nHost: a\r\nA: \u00f8\r\n\r\n", of("GET", "http://a/" + i, FIELDS));
        }
        assertEquals(
                "POST /x HTTP/1.1\r\nHost: a\r\nA: \u00f8\r\nContent-Length: 0\r\n\r\n",
                of("POST", "http://a/x", FIELDS));
    }

    @Test
    void whomItIsSaidToIsNotForgotten() {
        Headers host = Headers.builder().add("host", "c").build();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                assertEquals("GET / HTTP/1.1\r\nHost: a\r\nA: \u00f8\r\n\r\n", of("GET", "http://a", FIELDS));
            }
            assertEquals("GET / HTTP/1.1\r\nHost: b\r\nA: \u00f8\r\n\r\n", of("GET", "http://b", FIELDS));
            assertEquals("GET / HTTP/1.1\r\nHost: a:81\r\nA: \u00f8\r\n\r\n", of("GET", "http://a:81", FIELDS));
            assertEquals("GET / HTTP/1.1\r\nHost: c\r\n\r\n", of("GET", "http://a", host));
            assertEquals("GET / HTTP/1.1\r\nHost: a\r\n\r\n", of("GET", "http://a", Headers.empty()));
        }
    }
}
