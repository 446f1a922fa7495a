package dev.weft.http.conformance;

import dev.weft.http.conformance.Scene.Line;
import dev.weft.http.conformance.Scene.Script;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Scripts of servers in the specification's notation. A request is read, then the text is written; {@code ⏎} is CR LF. In between may stand
 * {@code <req>} (another request is read), {@code <did n>} (until the client has done n of its actions); at the end {@code <fin>} or {@code <rst>},
 * else the connection is kept open until the client closes it.
 */
final class Scripts {
    /** The specification's OK. */
    static final String OK = "HTTP/1.1 200 OK⏎Content-Length: 2⏎⏎ok";

    /** The head of an answer in chunks. */
    static final String CHUNKED = "HTTP/1.1 200 OK⏎Transfer-Encoding: chunked⏎⏎";

    private static final Pattern STEP = Pattern.compile("<(?:(req|fin|rst)|did (\\d+))>");

    private Scripts() {}

    /** The script that a text stands for. */
    static Script of(String text) {
        return line -> {
            if (line.request()) {
                play(text.replace("⏎", "\r\n"), line);
            }
        };
    }

    private static void play(String text, Line line) throws IOException, InterruptedException {
        Matcher step = STEP.matcher(text);
        int from = 0;
        while (step.find()) {
            line.send(text.substring(from, step.start()));
            from = step.end();
            if (step.group(2) != null) {
                line.awaitDone(Integer.parseInt(step.group(2)));
            } else if (step.group(1).equals("fin")) {
                return;
            } else if (step.group(1).equals("rst")) {
                line.peer().reset();
                return;
            } else if (!line.request()) {
                return;
            }
        }
        line.send(text.substring(from));
        line.peer().awaitEnd();
    }

    /** A body with its length before it; more header lines may stand before that. */
    static String sized(String headers, String body) {
        return "HTTP/1.1 200 OK⏎" + headers + "Content-Length: " + body.length() + "⏎⏎" + body;
    }
}
