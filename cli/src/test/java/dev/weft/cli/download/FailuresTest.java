package dev.weft.cli.download;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.weft.cli.download.Failure.Kind;
import dev.weft.http.ClientSession;
import dev.weft.http.download.DownloadProgress;
import dev.weft.http.download.DownloadProgress.State;
import dev.weft.http.message.CertificateException;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.ClientResponseException;
import dev.weft.http.message.ConnectFailedException;
import dev.weft.http.message.ConnectTimeoutException;
import dev.weft.http.message.DecodeException;
import dev.weft.http.message.DnsException;
import dev.weft.http.message.FirstByteTimeoutException;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.InvalidUrlException;
import dev.weft.http.message.Options;
import dev.weft.http.message.Phase;
import dev.weft.http.message.ProtocolException;
import dev.weft.http.message.ReadTimeoutException;
import dev.weft.http.message.RedirectException;
import dev.weft.http.message.RedirectPolicy;
import dev.weft.http.message.RequestTimeoutException;
import dev.weft.http.message.SessionClosedException;
import dev.weft.http.message.TlsException;
import dev.weft.http.message.TlsTimeoutException;
import dev.weft.http.message.TooManyRedirectsException;
import dev.weft.http.message.TotalTimeoutException;
import dev.weft.http.message.WriteTimeoutException;
import dev.weft.loop.Asyncio;
import dev.weft.loop.TimeoutException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class FailuresTest {
    @Test
    void theNetworksFailuresHaveAKindAndFewWords() {
        assertFailure(new DnsException(null, "no address for h", null), Kind.DNS, "host not found", "no address for h");
        assertFailure(new ConnectFailedException(null, "refused", null), Kind.CONNECT, "no connection", "refused");
        assertFailure(new CertificateException(null, "expired", null), Kind.TLS, "certificate not trusted", "expired");
        assertFailure(new TlsException(null, "alert", null), Kind.TLS, "TLS failure", "alert");
        assertFailure(new ProtocolException(null, "no HTTP", null), Kind.TRANSFER, "malformed answer", "no HTTP");
        assertFailure(new DecodeException(null, "no gzip", null), Kind.TRANSFER, "malformed body", "no gzip");
        assertFailure(
                new IllegalStateException("x"),
                Kind.INTERNAL,
                "internal error",
                "internal error: " + new IllegalStateException("x"));
        TimeoutException time = assertThrows(
                TimeoutException.class,
                () -> Asyncio.run(() -> Asyncio.timeout(
                        Duration.ZERO, () -> Asyncio.sleep(Duration.ofDays(1)).await())));
        assertFailure(time, Kind.TIMEOUT, "time is over", String.valueOf(time.getMessage()));
        assertTrue(hint(time).startsWith("--max-time SEC "));
        assertEquals(
                Failures.CANCELLED.kind(),
                failure(new SessionClosedException(null, "closed", null)).kind());
        assertTrue(hint(new CertificateException(null, "expired", null)).startsWith("--cacert FILE "));
        assertNull(failure(new TlsException(null, "alert", null)).hint());
        ClientRequest h2 =
                ClientRequest.of("GET", HttpUrl.parse("https://h/x")).with(Options.VERSION, HttpVersion.HTTP_2);
        assertTrue(hint(new TlsException(h2, "h does not speak HTTP/2", null)).startsWith("without --http2 "));
        assertNull(failure(new TlsException(h2, "h does not speak TLS", null)).hint());
        assertTrue(hint(new ProtocolException(h2, "it answers in HTTP/1", null)).startsWith("without --http2 "));
    }

    @Test
    void everyLimitOfTimeIsNamed() {
        ClientRequest request = ClientRequest.of("GET", HttpUrl.parse("http://u:p@h/x"));
        Duration limit = Duration.ofSeconds(30);
        Map<RequestTimeoutException, String> table = Map.of(
                new ConnectTimeoutException(request, Phase.CONNECT, limit, limit), "connect timeout",
                new TlsTimeoutException(request, Phase.TLS, limit, limit), "TLS timeout",
                new FirstByteTimeoutException(request, Phase.FIRST_BYTE, limit, limit), "no answer in time",
                new ReadTimeoutException(request, Phase.BODY, limit, limit, 5), "read timeout",
                new WriteTimeoutException(request, Phase.WRITE, limit, limit), "write timeout",
                new TotalTimeoutException(request, Phase.BODY, limit, limit), "timeout");
        table.forEach((e, what) -> {
            Failure failure = failure(e);
            assertEquals(List.of(Kind.TIMEOUT, what), List.of(failure.kind(), failure.what()));
            assertEquals("http://h/x", failure.finalUrl());
        });
        assertEquals(
                "-t SEC waits longer for a server that is silent",
                hint(new ReadTimeoutException(request, Phase.BODY, limit, limit, 5)));
        assertNull(hint(new TotalTimeoutException(request, Phase.BODY, limit, limit)));
    }

    @Test
    void redirectsThatLeadNowhere() {
        ClientRequest request = ClientRequest.of("GET", HttpUrl.parse("http://h/x"));
        assertFailure(
                new RedirectException(request, "ftp://u:p@h/", "its scheme is ftp", null),
                Kind.REDIRECT,
                "redirect to nowhere",
                "the redirect to ftp://***@h/ cannot be followed: its scheme is ftp");
        TooManyRedirectsException many = new TooManyRedirectsException(request, 20, List.of(request.url()));
        assertEquals(
                List.of(Kind.REDIRECT, "too many redirects"),
                List.of(failure(many).kind(), failure(many).what()));
        assertEquals("--max-redirs N follows more", hint(many));
    }

    @Test
    void theDiskIsNamedWithTheReasonOnce() {
        assertFailure(
                new DiskException("cannot write x", new IOException("No space left on device")),
                Kind.DISK,
                "no space left on device",
                "cannot write x: no space left on device");
        assertFailure(
                new UncheckedIOException("cannot write d/x", new IOException("No space left on device")),
                Kind.DISK,
                "no space left on device",
                "cannot write d/x: no space left on device");
        assertFailure(
                new UncheckedIOException(new AccessDeniedException("d/x")),
                Kind.DISK,
                "permission denied",
                "d/x: permission denied");
        IOException denied = new AccessDeniedException("d/x");
        assertFailure(
                new UncheckedIOException("cannot write d/x: " + denied.getMessage(), denied),
                Kind.DISK,
                "permission denied",
                "cannot write d/x: permission denied");
        assertFailure(
                new UncheckedIOException(new FileSystemException("d/x", null, "Read-only file system")),
                Kind.DISK,
                "read-only file system",
                "d/x: read-only file system");
    }

    @Test
    void whatAFullDiskNeedsIsSaid() {
        UncheckedIOException full =
                new UncheckedIOException("cannot write x", new IOException("No space left on device"));
        Transfer transfer = new Transfer("http://h/x", "x", 0);
        transfer.follow(() -> Made.receiving(1 << 20, OptionalLong.of(3 << 20)));
        assertEquals(
                "it needs 2.0 MiB more: make room, then the same command goes on where this ended",
                Failures.of(full, transfer).hint());
        transfer.follow(() -> Made.receiving(1 << 20, OptionalLong.empty()));
        assertTrue(Failures.of(full, transfer).hint().startsWith("it needs more room: "));
        assertEquals("-d DIR puts the files elsewhere", hint(new UncheckedIOException(new AccessDeniedException("x"))));
        assertEquals(
                "ulimit -n 4096 allows more, -j N needs fewer",
                hint(new UncheckedIOException(new FileSystemException("x", null, "Too many open files"))));
    }

    @Test
    void aFileThatIsThereIsNotTheDisksFault() {
        RuntimeException e = new UncheckedIOException(new FileAlreadyExistsException("d/x"));
        assertFailure(e, Kind.EXISTS, "file exists", "d/x exists");
        assertTrue(hint(e).startsWith("--exists "));
    }

    @Test
    void triesTimeAndTheLastRetryAfterAreTold() throws IOException {
        ClientResponseException busy = answer(503, "Retry-After", "1");
        Transfer transfer = new Transfer("http://h/x", "x", System.nanoTime() - 14_200_000_000L);
        transfer.follow(() -> tried(5));
        Failure failure = Failures.of(busy, transfer);
        assertEquals("503 Service Unavailable after 6 tries", failure.what());
        assertEquals("503 Service Unavailable after 6 tries (14.2 s, last Retry-After: 1 s)", failure.detail());
        assertEquals(503, failure.status());
        assertTrue(failure.finalUrl().startsWith("http://127.0.0.1:"), failure.finalUrl());
        ClientResponseException date = answer(503, "Retry-After", "Sun, 06 Nov 1994 08:49:37 GMT");
        assertTrue(Failures.of(date, transfer).detail().endsWith(", last Retry-After: Sun, 06 Nov 1994 08:49:37 GMT)"));
        Outcome outcome = Outcome.failed(transfer, busy);
        assertEquals(
                List.of(6, 503, Outcome.State.FAILED), List.of(outcome.tries(), outcome.status(), outcome.state()));
    }

    @Test
    void aStatusWithoutAPhraseHasThatOfTheStandard() throws IOException {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[2048]);
                    socket.getOutputStream()
                            .write("HTTP/1.1 404 \r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    // The client notices.
                }
            });
            assertFailure(raised(server.getLocalPort()), Kind.STATUS, "404 Not Found", "404 Not Found");
        }
        assertEquals("", Phrases.of(418));
    }

    @Test
    void aStatusHasTheNextStepAndWhereItLeads() throws IOException {
        assertFailure(answer(404, "X", "y"), Kind.STATUS, "404 Not Found", "404 Not Found");
        assertEquals("the server has no such file: check the URL", hint(answer(404, "X", "y")));
        assertTrue(hint(answer(401, "X", "y")).contains("-u USER"));
        assertTrue(hint(answer(429, "X", "y")).contains("-j 1"));
        assertNull(failure(answer(418, "X", "y")).hint());
        assertFailure(
                answer(302, "Location", "http://u:p@h/x"),
                Kind.STATUS,
                "302 Temporary Redirect",
                "302 Temporary Redirect, to http://***@h/x");
    }

    @Test
    void credentialsAreNotTold() {
        Outcome outcome;
        try {
            throw new AssertionError(HttpUrl.parse("ftp://u:secret@h/"));
        } catch (InvalidUrlException e) {
            outcome = Outcome.failed(new Transfer("ftp://u:secret@h/", "x", 0), e);
        }
        assertEquals(Kind.URL, outcome.failure().kind());
        assertFalse(
                outcome.failure().detail().contains("secret"), outcome.failure().detail());
        assertEquals(0, outcome.tries());
    }

    /** From a real answer: only the client can make one. */
    private static ClientResponseException answer(int status, String header, String value) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getResponseHeaders().set(header, value);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            return raised(server.getAddress().getPort());
        } finally {
            server.stop(0);
        }
    }

    private static ClientResponseException raised(int port) {
        return Asyncio.run(() -> {
            try (ClientSession session = ClientSession.create();
                    ClientResponse response = session.get("http://127.0.0.1:" + port + "/")
                            .redirects(RedirectPolicy.none())
                            .await()) {
                response.raiseIf(true);
                throw new AssertionError("it raises");
            } catch (ClientResponseException e) {
                return e;
            }
        });
    }

    private static DownloadProgress tried(int retries) {
        return new DownloadProgress(State.ENDED, 0, OptionalLong.empty(), 0, 0, 6, 6, retries, 0, "503");
    }

    private static void assertFailure(RuntimeException e, Kind kind, String what, String detail) {
        Failure failure = failure(e);
        assertEquals(List.of(kind, what, detail), List.of(failure.kind(), failure.what(), failure.detail()));
    }

    private static String hint(RuntimeException e) {
        return failure(e).hint();
    }

    private static Failure failure(RuntimeException e) {
        return Failures.of(e, new Transfer("http://h/x", "x", System.nanoTime()));
    }
}
