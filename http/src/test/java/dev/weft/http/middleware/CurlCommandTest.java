package dev.weft.http.middleware;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Command lines of curl, read back by a shell. */
class CurlCommandTest {
    @Test
    void commands() {
        assertEquals("curl http://h/", CurlCommand.of(Origin.get("http://h/#part")));
        assertEquals(
                "curl --head --http1.0 'http://h/?a=1&b=2'",
                CurlCommand.of(Origin.get("http://h/?a=1&b=2")
                        .withMethod("HEAD")
                        .with(Options.VERSION, HttpVersion.HTTP_1_0)));
        assertEquals(
                "curl --header 'Accept-Encoding: gzip' --header 'X-A;' --compressed --globoff 'http://[::1]/'",
                CurlCommand.of(Origin.get("http://[::1]/", "Accept-Encoding", "gzip", "X-A", "")));
        ClientRequest post = Origin.get("http://h/").withMethod("POST");
        assertEquals("curl --request POST http://h/", CurlCommand.of(post));
        assertEquals(
                "curl --header 'Content-Type: text/plain; charset=utf-8' --data-raw @hi http://h/",
                CurlCommand.of(post.withBody(Body.of("@hi"))));
        assertEquals(
                "curl --request PUT --header 'Content-Type: a/b' --data-raw '' http://h/",
                CurlCommand.of(
                        post.withMethod("PUT").withHeader("Content-Type", "a/b").withBody(Body.of(""))));
        assertEquals(
                "echo AAH/ | base64 -d | curl --header Content-Type: --data-binary @- http://h/",
                CurlCommand.of(post.withBody(Body.of(new byte[] {0, 1, (byte) 0xff}, null))));
    }

    @Test
    void secretsAreRedactedUnlessToldOtherwise() {
        ClientRequest request =
                Origin.get("http://us%40er:pa%2Bss@h/?key=S", "Cookie", "a=S; b=S", "Authorization", "Bearer S");
        assertEquals(
                "curl --header 'Cookie: a=REDACTED; b=REDACTED' --header 'Authorization: Bearer REDACTED'"
                        + " 'http://h/?key=S'",
                CurlCommand.of(request));
        assertEquals(
                "curl --header 'Cookie: a=S; b=S' --header 'Authorization: Bearer S' 'http://h/?key=REDACTED'",
                CurlCommand.of(request, Redaction.none().params("key")));
        assertEquals(
                "curl --user us@er:pa+ss http://h/",
                CurlCommand.of(Origin.get("http://us%40er:pa%2Bss@h/"), Redaction.none()));
        assertEquals("curl http://h/", CurlCommand.of(Origin.get("http://user:pass@h/")));
    }

    /** Whatever is in a header or body comes to curl as it is. */
    @Test
    void aShellReadsItBack() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "no /bin/sh");
        String nasty = "it's $HOME `id` \"q\" \\ ! \n\t*; rm | & <é>";
        ClientRequest request = Origin.get(
                        "http://h/a'b?x=$y;z&q='", "X-A", nasty.replace("\n", " "), "X-B", "'; exit 3; '")
                .withMethod("PATCH")
                .withBody(Body.of(nasty));
        List<String> arguments = shell(CurlCommand.of(request));
        assertEquals("http://h/a'b?x=$y;z&q='", arguments.getLast());
        assertEquals(nasty, arguments.get(arguments.indexOf("--data-raw") + 1));
        assertEquals("X-A: " + nasty.replace("\n", " "), arguments.get(arguments.indexOf("--header") + 1));

        byte[] binary = new byte[256];
        for (int i = 0; i < 256; i++) {
            binary[i] = (byte) i;
        }
        String piped = CurlCommand.of(request.withBody(Body.of(binary)));
        Process process = new ProcessBuilder("/bin/sh", "-c", "curl() { cat; }; " + piped).start();
        byte[] seen = process.getInputStream().readAllBytes();
        assertEquals(0, process.waitFor());
        org.junit.jupiter.api.Assertions.assertArrayEquals(binary, seen);
    }

    private static List<String> shell(String command) throws Exception {
        Process process = new ProcessBuilder("/bin/sh", "-c", "curl() { printf '%s\\0' \"$@\"; }; " + command).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(true, process.waitFor(20, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue());
        return new ArrayList<>(List.of(out.split("\0")));
    }
}
