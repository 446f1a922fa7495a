package dev.weft.http.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Options;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.StringJoiner;
import org.junit.jupiter.api.Test;

/** The head of a request as HTTP/2 has it: RFC 9113 section 8.3.1. */
class RequestFieldsTest {
    private static ClientRequest request(String method, String url) {
        return ClientRequest.of(method, HttpUrl.parse(url));
    }

    private static String shown(ClientRequest request) {
        return shown(request, new SentTexts());
    }

    private static String shown(ClientRequest request, SentTexts sent) {
        StringJoiner shown = new StringJoiner(" ");
        RequestFields.of(request, request.url().target(), sent).forEach(field -> {
            byte[] octets = field.getValue().toString().getBytes(StandardCharsets.ISO_8859_1);
            shown.add(field.getKey() + "=" + new String(octets, StandardCharsets.UTF_8));
        });
        return shown.toString();
    }

    @Test
    void aGet() {
        assertEquals(
                ":method=GET :path=/a?b=c :scheme=https :authority=h:8443 accept=*/* x-own=1",
                shown(request("GET", "https://h:8443/a?b=c#f")
                        .withHeader("Accept", "*/*")
                        .withHeader("X-Own", "1")));
    }

    @Test
    void whatHttp1SaysOfItsConnectionIsLeftOut() {
        ClientRequest request = request("GET", "http://h/")
                .withHeader("Host", "other:81")
                .withHeader("Connection", "keep-alive")
                .withHeader("Keep-Alive", "1")
                .withHeader("Proxy-Connection", "1")
                .withHeader("TE", "gzip, trailers")
                .withHeader("HTTP2-Settings", "AAAA");
        assertEquals(":method=GET :path=/ :scheme=http :authority=other:81 te=trailers", shown(request));
        assertEquals(
                ":method=GET :path=/ :scheme=http :authority=h",
                shown(request("GET", "http://h/").withHeader("te", "gzip")));
    }

    @Test
    void whatWasSaidBeforeIsSaidAgainWhereItBelongs() {
        SentTexts sent = new SentTexts();
        Headers one = Headers.builder().add("A", "1").build();
        Headers other = Headers.builder().add("A", "2").add("Host", "x").build();
        for (int i = 0; i < 2; i++) {
            ClientRequest request = request("GET", "http://h/" + i).withHeaders(one);
            assertEquals(":method=GET :path=/" + i + " :scheme=http :authority=h a=1", shown(request, sent));
            assertEquals(
                    ":method=POST :path=/ :scheme=http :authority=h:81 a=1 content-length=0",
                    shown(request("POST", "http://h:81/").withHeaders(one), sent));
            assertEquals(
                    ":method=GET :path=/" + i + " :scheme=http :authority=x a=2",
                    shown(request.withHeaders(other), sent));
            assertEquals(
                    ":method=GET :path=/" + i + " :scheme=http :authority=h",
                    shown(request.withHeaders(Headers.empty()), sent));
        }
    }

    @Test
    void lengths() {
        Body body = Body.of("hello");
        assertEquals(
                ":method=POST :path=/ :scheme=http :authority=h content-length=5",
                shown(request("POST", "http://h/").withBody(body)));
        assertEquals(
                ":method=POST :path=/ :scheme=http :authority=h content-length=0", shown(request("POST", "http://h/")));
        assertEquals(
                ":method=POST :path=/ :scheme=http :authority=h content-length=5 expect=100-continue",
                shown(request("POST", "http://h/")
                        .withBody(body)
                        .with(Options.EXPECT_CONTINUE, Duration.ofSeconds(1))));
        assertEquals(
                ":method=POST :path=/ :scheme=http :authority=h",
                shown(request("POST", "http://h/").withBody(body).with(Options.CHUNKED, true)));
    }

    @Test
    void valuesAreUtf8() {
        assertEquals(
                ":method=GET :path=/ :scheme=http :authority=h x=é",
                shown(request("GET", "http://h/").withHeader("X", "é")));
    }

    @Test
    void secretsAreKeptOutOfTables() {
        assertTrue(RequestFields.isSensitive("authorization", "Basic eA=="));
        assertTrue(RequestFields.isSensitive("proxy-authorization", "Basic eA=="));
        assertTrue(RequestFields.isSensitive("cookie", "a=1"));
        assertFalse(RequestFields.isSensitive("cookie", "session=0123456789abcdef"));
        assertFalse(RequestFields.isSensitive("accept", "*/*"));
    }
}
