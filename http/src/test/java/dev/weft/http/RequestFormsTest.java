package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.FormData;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The forms a body can be given in, by the request's own methods. */
@OverBoth
class RequestFormsTest {
    @TempDir
    Path dir;

    private final List<String> requests = new CopyOnWriteArrayList<>();

    private RawServer recording() throws Exception {
        return RawServer.start(peer -> {
            for (String request = peer.request(); request != null; request = peer.request()) {
                requests.add(request);
                peer.send(RawServer.OK);
            }
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void bodies() throws Exception {
        Path file = Files.writeString(dir.resolve("a.txt"), "file");
        try (RawServer server = recording()) {
            Client.run(session -> {
                String url = server.url("/");
                session.post(url).body(file).text().await();
                session.post(url)
                        .body(new ByteArrayInputStream(bytes("stream")))
                        .text()
                        .await();
                session.post(url).body(ByteBuffer.wrap(bytes("buffer"))).text().await();
                session.post(url)
                        .body(List.of(bytes("pie"), bytes("ces")))
                        .text()
                        .await();
                session.post(url)
                        .form(new TreeMap<>(Map.of("a b", 1, "c", "é")))
                        .text()
                        .await();
                session.post(url)
                        .multipart(new FormData().field("n", "v"))
                        .text()
                        .await();
            });
        }
        List<String> bodies = requests.stream()
                .map(request -> request.substring(request.indexOf("\r\n\r\n") + 4))
                .toList();
        assertEquals(List.of("file", "stream", "buffer", "pieces", "a+b=1&c=%C3%A9"), bodies.subList(0, 5));
        assertTrue(bodies.get(5).contains("name=\"n\"\r\n"), bodies.get(5));
        assertTrue(requests.get(0).contains("Content-Type: text/plain"), requests.get(0));
        assertTrue(requests.get(1).contains("Transfer-Encoding: chunked"), requests.get(1));
    }

    @Test
    void queries() throws Exception {
        try (RawServer server = recording()) {
            Client.run(session -> {
                session.get(server.url("/?x=1"))
                        .params(new TreeMap<>(Map.of("b", 2, "a", "z z")))
                        .text()
                        .await();
                session.get(server.url("/?x=1")).rawQuery("a=%2f&b=c+d").text().await();
            });
        }
        assertTrue(requests.get(0).startsWith("GET /?x=1&a=z+z&b=2 HTTP"), requests.get(0));
        assertTrue(requests.get(1).startsWith("GET /?a=%2f&b=c+d HTTP"), requests.get(1));
    }

    @Test
    void download() throws Exception {
        Path file = dir.resolve("out");
        try (RawServer server = recording()) {
            Client.run(session -> assertEquals(
                    file, session.get(server.url("/")).download(file).await()));
        }
        assertArrayEquals(bytes("ok"), Files.readAllBytes(file));
        try (var left = Files.list(dir)) {
            assertEquals(List.of(file), left.toList());
        }
    }
}
