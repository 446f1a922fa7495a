package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.weft.http.message.BlockedAddressException;
import dev.weft.http.message.Body;
import dev.weft.http.message.BodySource;
import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientResponseException;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.FirstByteTimeoutException;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Phase;
import dev.weft.http.message.PoolTimeoutException;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.ProxyException;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.ServerDisconnectedException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TlsException;
import dev.weft.http.message.TlsTimeoutException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.http.message.UploadException;
import dev.weft.http.message.WriteTimeoutException;
import dev.weft.loop.net.dial.ResolveException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Decisions without I/O: what is tried again, for which methods, and after how long. */
class RetryRuleTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final RetryRule RULE = new RetryRule(
            3,
            EnumSet.allOf(RetryCause.class),
            Set.of(408, 425, 429, 502, 503, 504),
            Repeats::mayRepeat,
            new RetryRule.Waits(Duration.ofMillis(500), Duration.ofSeconds(20), Duration.ofSeconds(60)));

    private static final Proxy PROXY = new Proxy(Proxy.Kind.HTTP, "proxy", 3128, null, null, Headers.empty());

    private static ClientRequest request(String method) {
        return ClientRequest.of(method, HttpUrl.parse("http://example.com/a"));
    }

    private static RetryRule.Moment moment(int attempt, double random) {
        return new RetryRule.Moment(attempt, null, NOW, random);
    }

    /** What comes of a failure: the cause it counts as, and whether every method, only a repeatable one, or none is tried again. */
    private enum Case {
        REFUSED(RetryCause.CONNECT, true, r -> new ConnectFailedException(r, "refused", null)),
        CONNECT_TIME(RetryCause.CONNECT, true, r -> new ConnectTimeoutException(r, Phase.CONNECT, SECOND, SECOND)),
        TLS_TIME(RetryCause.CONNECT, true, r -> new TlsTimeoutException(r, Phase.TLS, SECOND, SECOND)),
        TLS_BROKEN(RetryCause.CONNECT, true, r -> new TlsException(r, "reset", null)),
        PROXY_DOWN(RetryCause.CONNECT, true, r -> new ProxyException(r, PROXY, 0, "refused", null)),
        PROXY_502(RetryCause.CONNECT, true, r -> new ProxyException(r, PROXY, 502, "bad gateway", null)),
        PROXY_407(null, false, r -> new ProxyException(r, PROXY, 407, "credentials", null)),
        CERTIFICATE(null, false, r -> new CertificateException(r, "expired", null)),
        BLOCKED(null, false, r -> new BlockedAddressException(r, null, "loopback")),
        DNS_LATER(RetryCause.DNS, true, r -> new DnsException(r, "no answer", resolve(true))),
        DNS_NEVER(null, false, r -> new DnsException(r, "no such name", resolve(false))),
        DNS_UNKNOWN(null, false, r -> new DnsException(r, "no such name", null)),
        POOL_TIME(RetryCause.NOT_SENT, true, r -> new PoolTimeoutException(r, Phase.POOL, SECOND, SECOND)),
        CIRCUIT(RetryCause.NOT_SENT, true, r -> new CircuitOpenException(r, "k", Duration.ZERO)),
        DISCONNECTED(RetryCause.DISCONNECTED, false, r -> new ServerDisconnectedException(r, "ended", 0, null)),
        HEAD_BROKEN_OFF(RetryCause.DISCONNECTED, false, r -> new ServerDisconnectedException(r, "ended", 9, null)),
        FIRST_BYTE(RetryCause.TIMEOUT, false, r -> new FirstByteTimeoutException(r, Phase.FIRST_BYTE, SECOND, SECOND)),
        READ(RetryCause.TIMEOUT, false, r -> new ReadTimeoutException(r, Phase.FIRST_BYTE, SECOND, SECOND, 0)),
        WRITE(RetryCause.TIMEOUT, false, r -> new WriteTimeoutException(r, Phase.WRITE, SECOND, SECOND)),
        TOTAL(null, false, r -> new TotalTimeoutException(r, Phase.FIRST_BYTE, SECOND, SECOND)),
        MALFORMED(null, false, r -> new ProtocolException(r, "no HTTP", null)),
        OWN_BODY(null, false, r -> new UploadException(r, "no file", null)),
        CLOSED(null, false, r -> new SessionClosedException(r, "closed", null)),
        RAISED_503(RetryCause.STATUS, false, r -> raised(r, 503)),
        RAISED_429(RetryCause.STATUS, true, r -> raised(r, 429)),
        RAISED_404(null, false, r -> raised(r, 404));

        private final @Nullable RetryCause cause;
        private final boolean anyMethod;
        private final Function<ClientRequest, ClientException> failure;

        Case(@Nullable RetryCause cause, boolean anyMethod, Function<ClientRequest, ClientException> failure) {
            this.cause = cause;
            this.anyMethod = anyMethod;
            this.failure = failure;
        }

        private static ClientException raised(ClientRequest request, int status) {
            return assertThrows(
                    ClientResponseException.class,
                    () -> ClientResponse.of(request, status, Headers.empty(), new byte[0])
                            .raiseForStatus());
        }

        private static ResolveException resolve(boolean temporary) {
            return new ResolveException("no", new IOException("no"), temporary);
        }
    }

    private static @Nullable Duration failed(RetryRule rule, ClientRequest request, Case what) {
        return rule.pause(request, RetryRule.Outcome.of(what.failure.apply(request)), moment(1, 0.5));
    }

    @ParameterizedTest
    @EnumSource
    void failures(Case what) {
        Duration again = Duration.ofMillis(250);
        assertEquals(what.cause == null ? null : again, failed(RULE, request("GET"), what), "GET");
        assertEquals(what.anyMethod ? again : null, failed(RULE, request("POST"), what), "POST");
        ClientRequest keyed = request("POST").withHeader("Idempotency-Key", "\"1\"");
        assertEquals(what.cause == null ? null : again, failed(RULE, keyed, what), "POST with a key");
        ClientRequest once = request("PUT").withBody(new Once());
        assertNull(failed(RULE, once, what), "a body that is not replayable");
        for (RetryCause cause : RetryCause.values()) {
            RetryRule only = new RetryRule(3, Set.of(cause), Set.of(503, 429), Repeats::mayRepeat, RULE.waits());
            assertEquals(cause == what.cause ? again : null, failed(only, request("GET"), what), "only " + cause);
        }
    }

    /** The first hop of a redirect was done: what happened to nothing but the second does not make the whole harmless to repeat. */
    @Test
    void failuresOfALaterHop() {
        ClientRequest later = ClientRequest.of("GET", HttpUrl.parse("http://example.com/b"));
        for (ClientRequest hop :
                new ClientRequest[] {later, later.withUrl(request("GET").url())}) {
            RetryRule.Outcome refused = RetryRule.Outcome.of(new ConnectFailedException(hop, "refused", null));
            RetryRule.Outcome busy = RetryRule.Outcome.of(ClientResponse.of(hop, 429, Headers.empty(), new byte[0]));
            assertNull(RULE.pause(request("POST"), refused, moment(1, 0)));
            assertNull(RULE.pause(request("POST"), busy, moment(1, 0)));
            assertEquals(Duration.ZERO, RULE.pause(request("PUT"), refused, moment(1, 0)));
            assertEquals(Duration.ZERO, RULE.pause(request("PUT"), busy, moment(1, 0)));
        }
        assertNull(RULE.pause(
                request("POST"),
                RetryRule.Outcome.of(new ConnectFailedException(null, "refused", null)),
                moment(1, 0)));
    }

    @Test
    void credentialsInTheUrlAreNoOtherHop() {
        ClientRequest sent = ClientRequest.of("POST", HttpUrl.parse("http://user:secret@example.com/a#b"));
        ClientRequest failed = sent.withUrl(sent.url().withoutUserInfo());
        RetryRule.Outcome refused = RetryRule.Outcome.of(new ConnectFailedException(failed, "refused", null));
        assertEquals(Duration.ZERO, RULE.pause(sent, refused, moment(1, 0)));
    }

    @ParameterizedTest
    @CsvSource({
        "200, false, false", "304, false, false", "400, false, false", "404, false, false", "408, true, true",
        "409, false, false", "413, false, false", "425, true, true", "429, true, true", "500, true, false",
        "501, false, false", "502, true, false", "503, true, false", "504, true, false",
    })
    void statuses(int status, boolean get, boolean post) {
        RetryRule rule = new RetryRule(
                3, RULE.causes(), Set.of(408, 425, 429, 500, 502, 503, 504), Repeats::mayRepeat, RULE.waits());
        for (String method : new String[] {"GET", "POST"}) {
            ClientRequest request = request(method);
            RetryRule.Outcome outcome =
                    RetryRule.Outcome.of(ClientResponse.of(request, status, Headers.empty(), new byte[0]));
            Duration expected = (method.equals("GET") ? get : post) ? Duration.ZERO : null;
            assertEquals(expected, rule.pause(request, outcome, moment(1, 0)), method);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, true",
        "HEAD, true",
        "OPTIONS, true",
        "TRACE, true",
        "PUT, true",
        "DELETE, true",
        "QUERY, true",
        "POST, false",
        "PATCH, false",
        "CONNECT, false",
        "get, false",
        "PROPFIND, false",
    })
    void methods(String method, boolean again) {
        assertEquals(again, failed(RULE, request(method), Case.DISCONNECTED) != null);
    }

    @ParameterizedTest(name = "attempt {0}, random {1}, Retry-After {2}, {3} ms left: {4} ms")
    @CsvSource(
            nullValues = "-",
            value = {
                // Full jitter: a random part of 500 ms, 1 s, 2 s ... 20 s.
                "1, 0, -, -, 0",
                "1, 0.5, -, -, 250",
                "2, 0.5, -, -, 500",
                "3, 0.5, -, -, 1000",
                "6, 0.5, -, -, 8000",
                "7, 0.5, -, -, 10000",
                "40, 0.5, -, -, 10000",
                "99, 0.999, -, -, 19980",
                // The server's wish comes on top.
                "1, 0, 2, -, 2000",
                "1, 0.5, 2, -, 2250",
                "1, 0, 0, -, 0",
                "1, 0, 60, -, 60000",
                "1, 0, 61, -, -",
                "1, 0, 99999999999999999999, -, -",
                // What is malformed is not there.
                "1, 0.5, -5, -, 250",
                "1, 0.5, 1.5, -, 250",
                "1, 0.5, soon, -, 250",
                // Never past the deadline, and not up to it.
                "1, 0.5, -, 251, 250",
                "1, 0.5, -, 250, -",
                "1, 0.5, 2, 2251, 2250",
                "1, 0.5, 2, 2250, -",
                "1, 0, -, 0, -",
                "1, 0, -, -20, -",
            })
    void waits(int attempt, double random, @Nullable String retryAfter, @Nullable Long left, @Nullable Long expected) {
        ClientRequest request = request("GET");
        Headers headers = retryAfter == null
                ? Headers.empty()
                : Headers.builder().add("Retry-After", retryAfter).build();
        RetryRule.Outcome outcome = RetryRule.Outcome.of(ClientResponse.of(request, 503, headers, new byte[0]));
        RetryRule.Moment moment =
                new RetryRule.Moment(attempt, left == null ? null : Duration.ofMillis(left), NOW, random);
        assertEquals(
                expected == null ? null : Duration.ofMillis(expected),
                RULE.withAttempts(100).pause(request, outcome, moment));
    }

    @Test
    void soManyAttempts() {
        ClientRequest request = request("GET");
        RetryRule.Outcome refused = RetryRule.Outcome.of(new ConnectFailedException(request, "refused", null));
        assertEquals(Duration.ZERO, RULE.pause(request, refused, moment(2, 0)));
        assertNull(RULE.pause(request, refused, moment(3, 0)));
        assertNull(RULE.withAttempts(1).pause(request, refused, moment(1, 0)));
    }

    /** An open circuit says when it lets requests through again: that is waited for, unless it is too long. */
    @Test
    void anOpenCircuitIsWaitedFor() {
        ClientRequest request = request("POST");
        assertEquals(
                Duration.ofMillis(5250),
                RULE.pause(
                        request,
                        RetryRule.Outcome.of(new CircuitOpenException(request, "k", Duration.ofSeconds(5))),
                        moment(1, 0.5)));
        assertNull(RULE.pause(
                request,
                RetryRule.Outcome.of(new CircuitOpenException(request, "k", Duration.ofSeconds(61))),
                moment(1, 0.5)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "Sun, 01 Mar 2026 00:00:30 GMT; -; 30",
                "Sunday, 01-Mar-26 00:00:30 GMT; -; 30",
                "Sun Mar  1 00:00:30 2026; -; 30",
                // Against the server's own clock, if it tells it.
                "Sun, 01 Mar 2026 00:00:30 GMT; Sun, 01 Mar 2026 00:00:10 GMT; 20",
                "Sun, 01 Mar 2026 00:00:30 GMT; yesterday; 30",
                "Sat, 28 Feb 2026 00:00:00 GMT; -; 0",
                "Fri, 31 Dec 9999 23:59:59 GMT; -; 251629977599",
                "Sun, 01 Mar 2026; -; -",
                "'';-;-",
            })
    void dates(String retryAfter, @Nullable String date, @Nullable Long seconds) {
        Headers.Builder headers = Headers.builder().add("Retry-After", retryAfter);
        if (date != null) {
            headers.add("Date", date);
        }
        assertEquals(seconds == null ? null : Duration.ofSeconds(seconds), RetryAfter.of(headers.build(), NOW));
    }

    /** A body that can be read only once. */
    private static final class Once implements Body {
        @Override
        public OptionalLong length() {
            return OptionalLong.empty();
        }

        @Override
        public boolean isReplayable() {
            return false;
        }

        @Override
        public @Nullable String contentType() {
            return null;
        }

        @Override
        public BodySource open() {
            return () -> null;
        }
    }
}
