package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClientSession;
import dev.weft.http.FetchOptions;
import dev.weft.http.FetchResult;
import dev.weft.http.RequestBuilder;
import dev.weft.http.message.HttpVersion;
import dev.weft.loop.Asyncio;
import dev.weft.loop.BoundedMap;
import dev.weft.loop.net.dial.Tls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Debian's nginx, which ends each of its connections after a number of requests, wherever the others of that connection are: no request is
 * lost, and none is done twice, as nginx itself has counted them.
 */
@Timeout(120)
class NginxHttp2Test {
    private static final int REQUESTS = 20_000;
    private static final int IN_FLIGHT = 64;
    private static final byte[] BODY = "x".repeat(300).getBytes(StandardCharsets.US_ASCII);

    @TempDir
    Path work;

    private Keys keys;
    private ServerProcess nginx;
    private int tls;
    private int plain;

    @BeforeEach
    void start() throws Exception {
        ServerProcess.installed("nginx", "nginx-light");
        keys = Keys.in(work);
        tls = ServerProcess.freePort();
        plain = ServerProcess.freePort();
        nginx = Nginx.start(work, tls, "user root; worker_processes 1;", """
                log_format counted '$request_method $arg_n $status';
                access_log %1$s/access.log counted;
                keepalive_requests 100;
                ssl_certificate %2$s;
                ssl_certificate_key %3$s;
                server {
                  listen 127.0.0.1:%4$d ssl http2;
                  listen 127.0.0.1:%5$d http2;
                  location / { return 200 "$request_method $arg_n"; }
                }
                """.formatted(
                        work, keys.certificate(), keys.key(), tls, plain));
    }

    @AfterEach
    void stop() throws Exception {
        if (nginx != null) {
            nginx.close();
        }
    }

    private static String method(int n) {
        return n % 4 == 3 ? "POST" : "GET";
    }

    private ClientSession session() {
        return ClientSession.builder()
                .tls(Tls.builder().trust(keys.certificate()).build())
                .build();
    }

    /** Sends so many, GET and POST mixed; each answer says whose it is. */
    private void send(int requests, Runnable now) {
        Asyncio.run(() -> {
            int[] done = {0};
            try (ClientSession session = session();
                    BoundedMap<Integer, String> answers = Asyncio.mapBounded(
                            IntStream.range(0, requests).boxed().toList(), IN_FLIGHT, n -> {
                                RequestBuilder request =
                                        session.request(method(n), "https://127.0.0.1:" + tls + "/?n=" + n);
                                if (method(n).equals("POST")) {
                                    request.body(BODY);
                                }
                                assertEquals(
                                        method(n) + " " + n,
                                        request.raiseForStatus(true).text().await());
                                return "";
                            })) {
                for (String answer : answers) {
                    if (++done[0] % (requests / 4) == requests / 8) {
                        now.run();
                    }
                }
                assertEquals(requests, done[0]);
                assertEquals(0, session.stats().acquired());
            }
        });
    }

    /** What nginx has answered, and that it was each once. */
    private void assertEachOnce(int requests, boolean posts) throws Exception {
        nginx.quit();
        Map<String, Integer> counts = new HashMap<>();
        for (String line : Files.readAllLines(work.resolve("access.log"))) {
            counts.merge(line, 1, Integer::sum);
        }
        List<String> twice = counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(Map.Entry::toString)
                .toList();
        assertEquals(List.of(), twice);
        assertEquals(requests, counts.size());
        for (int n = 0; n < requests; n++) {
            assertTrue(counts.containsKey((posts ? method(n) : "GET") + " " + n + " 200"));
        }
    }

    @Test
    void connectionsThatEndAfterAHundredRequestsLoseNone() throws Exception {
        send(REQUESTS, () -> {});
        assertEachOnce(REQUESTS, true);
    }

    @Test
    void aServerThatIsReloadedLosesNone() throws Exception {
        send(REQUESTS / 2, () -> {
            try {
                nginx.signal("HUP");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        assertEachOnce(REQUESTS / 2, true);
    }

    @Test
    void fetchAllInTheClear() throws Exception {
        List<String> urls = IntStream.range(0, REQUESTS)
                .mapToObj(n -> "http://127.0.0.1:" + plain + "/?n=" + n)
                .toList();
        Asyncio.run(() -> {
            int done = 0;
            try (ClientSession session =
                    ClientSession.builder().version(HttpVersion.HTTP_2).build()) {
                for (FetchResult<String> result : session.fetchAll(
                        urls, FetchOptions.text().concurrency(IN_FLIGHT).perHost(IN_FLIGHT))) {
                    String n = result.url().substring(result.url().indexOf('=') + 1);
                    assertEquals("GET " + n, result.get());
                    done++;
                }
                assertEquals(urls.size(), done);
            }
        });
        assertEachOnce(REQUESTS, false);
    }
}
