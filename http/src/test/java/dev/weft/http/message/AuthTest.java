package dev.weft.http.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.FakeServer.Answer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that are the same for each request, and where credentials go. */
class AuthTest {
    private static final HttpUrl HOST = HttpUrl.parse("https://h/");

    private final FakeServer server = new FakeServer(request -> Answer.of(200));

    private String sent(Auth auth) {
        auth.handle(ClientRequest.of("GET", HOST), server).close();
        return server.credentials().getLast();
    }

    @Test
    void basic() {
        // RFC 7617 sections 2 and 2.1.
        assertEquals("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", sent(Auth.basic("Aladdin", "open sesame")));
        assertEquals("Basic dGVzdDoxMjPCow==", sent(Auth.basic("test", "123£")));
        assertEquals("Basic dGVzdDoxMjOj", sent(Auth.basic("test", "123£", StandardCharsets.ISO_8859_1)));
        assertEquals("Basic Og==", sent(Auth.basic("", "")));
        assertEquals("Basic dTo6Og==", sent(Auth.basic("u", "::")));
        assertEquals("Basic dTpw", Auth.encodeBasic("u", "p", StandardCharsets.UTF_8));
    }

    @Test
    void bearer() {
        assertEquals("Bearer mF_9.B5f-4.1JqM", sent(Auth.bearer("mF_9.B5f-4.1JqM")));
    }

    @Test
    void basicRefusesWhatItCannotCarry() {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> Auth.basic("a:b", "p"))
                .getMessage()
                .contains("\"a:b\" holds a ':'"));
        for (char c : new char[] {'\r', '\n', '\0', '\t', 0x7f, 0x85}) {
            String odd = "s3cret" + c;
            for (Supplier<Auth> make : List.<Supplier<Auth>>of(
                    () -> Auth.basic(odd, "p"), () -> Auth.basic("u", odd),
                    () -> Auth.digest(odd, "p"), () -> Auth.digest("u", odd))) {
                String message =
                        assertThrows(IllegalArgumentException.class, make::get).getMessage();
                assertTrue(message.contains(String.format("control character U+%04X at 6", (int) c)), message);
                assertFalse(message.contains("s3cret"), message);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> Auth.digest("a:b", "p"));
        String message = assertThrows(
                        IllegalArgumentException.class, () -> Auth.basic("u", "s3cret€", StandardCharsets.ISO_8859_1))
                .getMessage();
        assertTrue(message.contains("ISO-8859-1") && !message.contains("s3cret"), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\r\nb", "s3crété", "\u007f"})
    void aTokenIsVisibleAscii(String token) {
        String message = assertThrows(IllegalArgumentException.class, () -> Auth.bearer(token))
                .getMessage();
        assertFalse(message.contains("s3cr"), message);
    }

    /** H172. */
    @Test
    void aHeaderOfTheRequestWins() {
        ClientRequest request = ClientRequest.of("GET", HOST).withHeader("authorization", "own");
        for (Auth auth : new Auth[] {
            Auth.basic("u", "p"),
            Auth.bearer("t"),
            Auth.digest("u", "p"),
            Auth.basic("u", "p").at("https://h")
        }) {
            auth.handle(request, server).close();
            assertSame(request, server.requests.getLast());
        }
        assertEquals(4, server.requests.size());
    }

    @Test
    void whereItGoes() {
        Auth auth = Auth.basic("u", "p");
        assertTrue(auth.appliesTo(HOST, HttpUrl.parse("https://H:443/x?y")));
        for (String other : new String[] {"http://h/", "https://h:444/", "https://a.h/", "https://h./"}) {
            assertFalse(auth.appliesTo(HOST, HttpUrl.parse(other)), other);
        }
    }

    @Test
    void atAnOriginItGoesThereAndNowhereElse() {
        Auth auth = Auth.basic("u", "p").at("https://api.example.com");
        HttpUrl api = HttpUrl.parse("https://api.example.com/v1");
        assertTrue(auth.appliesTo(HOST, api), "a redirect leads there");
        assertTrue(auth.appliesTo(api, api));
        assertFalse(auth.appliesTo(HOST, HOST), "where the request begins");
        assertFalse(auth.appliesTo(api, HttpUrl.parse("http://api.example.com/")));
        assertEquals("Basic dTpw", sent(auth));
        assertEquals("Basic credentials of \"u\" at https://api.example.com", auth.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "h", "ftp://h", "https://h/path", "https://h?q", "https://h#f", "https://u:s3cret@h"})
    void anOriginIsSchemeHostAndPort(String text) {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> Auth.basic("u", "p").at(text))
                .getMessage();
        assertTrue(message.startsWith("credentials are for a"), message);
        assertFalse(message.contains("s3cret"), message);
    }

    @Test
    void aSecretIsInNoText() {
        for (Object one : new Object[] {
            Auth.basic("u", "s3cret"),
            Auth.bearer("s3cret"),
            Auth.digest("u", "s3cret"),
            Auth.digest("u", "s3cret").at("https://h"),
            new NetrcFile.Login("u", "s3cret"),
        }) {
            assertFalse(one.toString().contains("s3cret"), one.toString());
            assertFalse(one.toString().contains("@"), one + " says nothing");
        }
    }

    /** H171. */
    @Test
    void userInformationOfAUrl() {
        assertEquals("Basic dTpw", HttpUrl.parse("http://u:p@h/").authorization());
        assertEquals("Basic dTo=", HttpUrl.parse("http://u@h/").authorization());
        assertEquals("Basic OnA=", HttpUrl.parse("http://:p@h/").authorization());
        // a@b:c+%
        assertEquals(
                "Basic YUBiOmMrJQ==", HttpUrl.parse("http://a%40b:c+%25@h/").authorization());
        assertEquals("Basic dTrDqSV6eg==", HttpUrl.parse("http://u:é%zz@h/").authorization());
        assertEquals("Basic dTrp", HttpUrl.parse("http://u:%E9@h/").authorization());
        assertNull(HOST.authorization());
    }
}
