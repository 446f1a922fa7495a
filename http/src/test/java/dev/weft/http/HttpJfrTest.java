package dev.weft.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.HttpVersion;
import dev.weft.loop.Action;
import dev.weft.loop.Asyncio;
import dev.weft.loop.Runner;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the flight recorder is told of requests, read back from real recordings. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
@OverBoth
class HttpJfrTest {
    private static final String EVENT = "dev.weft.HttpRequest";

    @TempDir
    private Path directory;

    private List<RecordedEvent> record(Runner.Builder options, Action<Exception> main) throws Exception {
        Path file = directory.resolve("recording.jfr");
        try (Recording recording = new Recording()) {
            recording.enable(EVENT);
            recording.start();
            try (Runner runner = options.handleSignals(false).build()) {
                runner.run(main);
            }
            recording.stop();
            recording.dump(file);
        }
        List<RecordedEvent> events = new ArrayList<>(RecordingFile.readAllEvents(file));
        events.removeIf(event -> !event.getEventType().getName().equals(EVENT));
        return events;
    }

    @Test
    void aRequestIsAnEvent() throws Exception {
        try (RawServer server = RawServer.start(peer -> {
            peer.request();
            peer.send("HTTP/1.1 302 Found\r\nLocation: /b?secret=2\r\nContent-Length: 0\r\n\r\n");
            peer.request();
            peer.send("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!");
            peer.awaitEnd();
        })) {
            List<RecordedEvent> events = record(Runner.builder(), () -> {
                try (ClientSession session = Spoken.session().build()) {
                    String url = server.url("/a?secret=1").replace("http://", "http://me:password@");
                    session.post(url).body("hello").text().await();
                }
            });
            assertEquals(1, events.size());
            RecordedEvent event = events.getFirst();
            assertEquals("GET", event.getString("method"));
            assertEquals(server.url("/b"), event.getString("url"));
            assertEquals(404, event.getInt("status"));
            assertEquals(2, event.getInt("hops"));
            assertEquals(1, event.getInt("attempts"));
            assertTrue(event.getBoolean("reused"));
            assertEquals(0, event.getLong("queue"));
            assertEquals(0, event.getLong("dns"));
            assertTrue(event.getLong("connect") > 0);
            assertEquals(0, event.getLong("tls"));
            assertTrue(event.getLong("firstByte") > 0);
            assertTrue(event.getDuration().toNanos() >= event.getLong("connect") + event.getLong("firstByte"));
            assertEquals(5, event.getLong("bytesSent"));
            assertEquals(3, event.getLong("bytesReceived"));
            assertEquals("", event.getString("failure"));
            assertFalse(event.toString().contains("secret") || event.toString().contains("password"));
        }
    }

    @Test
    void failuresAreNamed() throws Exception {
        try (Socket taken = new Socket();
                RawServer server = RawServer.once("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")) {
            // Bound, but nobody listens: a connection is refused.
            taken.bind(new InetSocketAddress("127.0.0.1", 0));
            List<RecordedEvent> events = record(Runner.builder(), () -> {
                try (ClientSession session = Spoken.session().build()) {
                    String nobody = "http://127.0.0.1:" + taken.getLocalPort() + "/x";
                    assertThrows(
                            ClientException.class, () -> session.get(nobody).await());
                    try (ClientResponse cut = session.get(server.url("/cut")).await()) {
                        assertThrows(ClientException.class, () -> cut.text().await());
                    }
                }
            });
            assertEquals(
                    List.of("ConnectFailedException 0", "PayloadException 200"),
                    events.stream()
                            .sorted((a, b) -> a.getStartTime().compareTo(b.getStartTime()))
                            .map(event -> event.getString("failure") + " " + event.getInt("status"))
                            .toList());
        }
    }

    @Test
    void nothingIsToldWhereItIsTurnedOff() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            assertEquals(List.of(), record(Runner.builder().jfr(false), () -> {
                try (ClientSession session = Spoken.session().build()) {
                    session.get(server.url("/")).text().await();
                }
            }));
        }
    }

    /** A loop that tells the recorder, while none runs: nothing comes of it. */
    @Test
    void aListenerAndTheRecorderAreBothTold() throws Exception {
        Signals signals = new Signals();
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            List<RecordedEvent> events = record(Runner.builder(), () -> {
                try (ClientSession session =
                        Spoken.session().listener(signals.listener).build()) {
                    session.get(server.url("/")).text().await();
                }
            });
            assertEquals(1, events.size());
            signals.only("callEnd");
        }
        try (RawServer server = RawServer.answering(RawServer.OK);
                Runner runner = Runner.builder().jfr(true).handleSignals(false).build()) {
            runner.run(() -> {
                try (ClientSession session = Spoken.session().build()) {
                    assertEquals("ok", session.get(server.url("/")).text().await());
                }
            });
        }
    }

    /** A process where no recording runs loads no class of the recorder for its requests. */
    @Test
    void theRecorderIsNotLoadedUnlessItIsWanted() throws Exception {
        try (RawServer server = RawServer.answering(RawServer.OK)) {
            String plain = classesOf(server.url("/"));
            assertFalse(plain.contains("JfrRequests"), plain);
            String wanted = classesOf(server.url("/"), "-Dweft.jfr=true");
            assertTrue(wanted.contains("dev.weft.http.JfrRequests$RequestEvent"), wanted);
        }
    }

    /** The classes of ours, and of the recorder, that a process loads which gets a URL. */
    private String classesOf(String url, String... flags) throws IOException, InterruptedException {
        Path log = directory.resolve("classes.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load=info:file=" + log,
                "-cp",
                classPath()));
        command.addAll(List.of(flags));
        command.addAll(
                List.of(Get.class.getName(), url, (Spoken.isHttp2() ? HttpVersion.HTTP_2 : HttpVersion.AUTO).name()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out.log").toFile())
                .start();
        assertTrue(process.waitFor(50, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), () -> read(directory.resolve("out.log")));
        return String.join(
                "\n",
                read(log)
                        .lines()
                        .filter(line -> line.contains("dev.weft.http.Jfr") || line.contains(" jdk.jfr.Event "))
                        .toList());
    }

    /** That of this class, whoever runs the tests. */
    private static String classPath() {
        if (HttpJfrTest.class.getClassLoader() instanceof URLClassLoader loader) {
            return Stream.of(loader.getURLs()).map(URL::getPath).collect(Collectors.joining(File.pathSeparator));
        }
        return System.getProperty("java.class.path");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gets a URL. */
    static final class Get {
        private Get() {}

        public static void main(String[] args) {
            Asyncio.run(() -> {
                try (ClientSession session = ClientSession.builder()
                        .version(HttpVersion.valueOf(args[1]))
                        .build()) {
                    session.get(args[0]).text().await();
                }
            });
        }
    }
}
