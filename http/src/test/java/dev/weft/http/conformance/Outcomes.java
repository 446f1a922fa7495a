package dev.weft.http.conformance;

import dev.weft.http.ClientSession;
import dev.weft.http.RequestBuilder;
import dev.weft.http.message.ClientException;
import dev.weft.http.message.ClientResponse;
import dev.weft.loop.Asyncio;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What came out, in words that compare. */
public final class Outcomes {
    private static final Pattern POOL = Pattern.compile("\\| (\\d+/\\d+/\\d+)");
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private Outcomes() {}

    /** Sends a request, reads the whole answer, closes it: {@code 200 "body"}, what failed behind what came before. */
    public static String exchange(RequestBuilder request) {
        ClientResponse response;
        try {
            response = request.await();
        } catch (ClientException e) {
            return failure(e);
        }
        try (response) {
            return response.status() + " " + body(response);
        }
    }

    /** Reads the body: in quotes, long ones as their size; what failed behind it. */
    public static String body(ClientResponse response) {
        StringBuilder body = new StringBuilder();
        String failed = "";
        try {
            for (ByteBuffer piece : response.content()) {
                body.append(StandardCharsets.ISO_8859_1.decode(piece));
            }
        } catch (ClientException e) {
            failed = " then " + failure(e);
        }
        return (body.length() > 200 ? "[" + body.length() + "]" : "\"" + body + "\"") + failed;
    }

    public static String failure(ClientException e) {
        return e.getClass().getSimpleName() + ": " + e.reason();
    }

    /** The pool, as soon as it is as expected, or as it is after a while. */
    static String pool(ClientSession session, Scene scene, String expected) {
        Matcher pool = POOL.matcher(expected);
        String wanted = pool.find() ? pool.group(1) : "";
        String[] found = {""};
        try {
            until(() -> {
                found[0] = pool(session, scene);
                return wanted.equals(found[0]);
            });
        } catch (AssertionError e) {
            // The comparison says it better.
        }
        return found[0];
    }

    private static String pool(ClientSession session, Scene scene) {
        return scene.idle(session.stats().idle()) + "/" + session.stats().acquired() + "/" + scene.connections();
    }

    /** The requests, each as its first line, the shown headers, its body; what else was read in brackets. */
    static String wire(List<String> requests, List<String> shown) {
        StringJoiner all = new StringJoiner(", ");
        for (String request : requests) {
            int end = request.indexOf("\r\n\r\n");
            if (end < 0) {
                all.add("[" + request + "]");
                continue;
            }
            String[] lines = request.substring(0, end).split("\r\n");
            StringBuilder said = new StringBuilder(lines[0].replaceFirst(" HTTP/1\\.1$", ""));
            for (String name : shown) {
                for (String line : lines) {
                    if (line.regionMatches(true, 0, name + ":", 0, name.length() + 1)) {
                        said.append(" (").append(line).append(')');
                    }
                }
            }
            String body = request.substring(end + 4);
            all.add(body.isEmpty() ? said : said.append(" \"").append(body).append('"'));
        }
        return all.toString();
    }

    /** Waits while the loop runs; fails if it takes too long. */
    public static void until(BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new AssertionError("not within " + PATIENCE);
            }
            Asyncio.sleep(0.0002).await();
        }
    }

    /** Whether a text is what was expected, where each {@code …} is any text. */
    public static boolean matches(String expected, String actual) {
        StringJoiner pattern = new StringJoiner(".*");
        for (String part : expected.split("…", -1)) {
            pattern.add(Pattern.quote(part));
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL)
                .matcher(actual)
                .matches();
    }
}
