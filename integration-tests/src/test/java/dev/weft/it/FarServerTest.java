package dev.weft.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.ClientSession;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.HttpVersion;
import dev.weft.loop.Asyncio;
import dev.weft.loop.net.dial.Tls;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Debian's nginx, 50 ms away and back: HTTP/2's own windows hold it back no more than HTTP/1.1 does, which has none. */
@Timeout(120)
class FarServerTest {
    private static final Duration ONE_WAY = Duration.ofMillis(25);
    private static final long SIZE = 128 << 20;

    @TempDir
    Path work;

    private static Duration download(String url, HttpVersion version, Path trusted) {
        return Asyncio.run(() -> {
            try (ClientSession session = ClientSession.builder()
                    .version(version)
                    .tls(Tls.builder().trust(trusted).build())
                    .build()) {
                long start = System.nanoTime();
                long bytes = 0;
                try (ClientResponse response = session.get(url).await()) {
                    for (ByteBuffer piece : response.content()) {
                        bytes += piece.remaining();
                    }
                    assertEquals(version.toString(), response.version());
                }
                assertEquals(SIZE, bytes);
                return Duration.ofNanos(System.nanoTime() - start);
            }
        });
    }

    /** With the window that a stream begins with it would be forty times as long. */
    @Test
    void aLargeFileIsNotSlowerOverHttp2() throws Exception {
        ServerProcess.installed("nginx", "nginx-light");
        Keys keys = Keys.in(work);
        try (RandomAccessFile file = new RandomAccessFile(work.resolve("large").toFile(), "rw")) {
            file.setLength(SIZE);
        }
        int port = ServerProcess.freePort();
        ServerProcess nginx = Nginx.start(work, port, "user root; worker_processes 1;", """
                access_log off;
                ssl_certificate %s;
                ssl_certificate_key %s;
                server { listen 127.0.0.1:%d ssl http2; root %s; }
                """.formatted(
                        keys.certificate(), keys.key(), port, work));
        try (nginx;
                Distance distance = Distance.to(port, ONE_WAY)) {
            String url = "https://127.0.0.1:" + distance.port() + "/large";
            Duration before = download(url, HttpVersion.HTTP_1_1, keys.certificate());
            Duration with = download(url, HttpVersion.HTTP_2, keys.certificate());
            assertTrue(
                    with.compareTo(before.multipliedBy(4)) < 0, () -> "HTTP/2 took " + with + ", HTTP/1.1 " + before);
        }
    }
}
