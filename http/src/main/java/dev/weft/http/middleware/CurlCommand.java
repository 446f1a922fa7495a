package dev.weft.http.middleware;

import com.google.errorprone.annotations.CheckReturnValue;
import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Options;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request as a command line of {@code curl}, for a POSIX shell: to try again by hand what a program did, or to put into a bug report. Pure.
 *
 * <p>It has the headers that the request has, so in the exchange ring those that the client added too. A body that is not in memory is read from
 * the command's standard input; one that is no text is decoded from base64 before.
 */
@CheckReturnValue
public final class CurlCommand {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:=,@%+-]+");
    private static final Pattern GLOB = Pattern.compile("[\\[\\]{}]");

    private final StringBuilder command = new StringBuilder("curl");
    private final ClientRequest request;
    private final Redaction redaction;

    private CurlCommand(ClientRequest request, Redaction redaction) {
        this.request = request;
        this.redaction = redaction;
    }

    /** The command, with secrets in headers {@linkplain Redaction#standard() redacted}, and without user information. */
    public static String of(ClientRequest request) {
        return of(request, Redaction.standard());
    }

    /** The command with other rules; with {@link Redaction#none()}, user information is there as {@code --user}. */
    public static String of(ClientRequest request, Redaction redaction) {
        return new CurlCommand(request, redaction).write();
    }

    private String write() {
        Body body = request.body();
        method(body);
        version();
        userInfo();
        for (Map.Entry<String, String> field : request.headers()) {
            String value = redaction.header(field.getKey(), field.getValue());
            // curl leaves a header out that has nothing behind the colon.
            argument("--header", value.isEmpty() ? field.getKey() + ";" : field.getKey() + ": " + value);
        }
        boolean decodes =
                request.attribute(Options.AUTO_DECOMPRESS) && request.headers().contains("Accept-Encoding");
        if (decodes) {
            command.append(" --compressed");
        }
        String piped = body == null ? null : data(body);
        String url = redaction.url(request.url().withFragment(null));
        if (GLOB.matcher(url).find()) {
            command.append(" --globoff");
        }
        command.append(' ').append(quoted(url));
        return piped == null ? command.toString() : piped + " | " + command;
    }

    private void method(@Nullable Body body) {
        String method = request.method();
        if (method.equals("HEAD")) {
            command.append(" --head");
        } else if (!method.equals(body == null ? "GET" : "POST")) {
            argument("--request", method);
        }
    }

    private void version() {
        command.append(
                switch (request.attribute(Options.VERSION)) {
                    case HTTP_1_0 -> " --http1.0";
                    case HTTP_1_1 -> " --http1.1";
                    case HTTP_2 -> request.url().isTls() ? " --http2" : " --http2-prior-knowledge";
                    // As curl does where nothing is said.
                    case AUTO -> "";
                });
    }

    private void userInfo() {
        String userInfo = request.url().userInfo();
        if (userInfo != null
                && !redaction.hides("Authorization")
                && !request.headers().contains("Authorization")) {
            argument("--user", decoded(userInfo.contains(":") ? userInfo : userInfo + ":"));
        }
    }

    private static String decoded(String text) {
        try {
            // URLDecoder reads a plus as a space, which it is not here.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    /** Adds the body; gives what has to be piped into the command, null if it is all there. */
    private @Nullable String data(Body body) {
        if (!request.headers().contains("Content-Type")) {
            // Without that, curl would say it is a form.
            String type = body.contentType();
            argument("--header", type == null ? "Content-Type:" : "Content-Type: " + type);
        }
        ByteBuffer content = body.content();
        String text = content == null ? null : TextBytes.text(content);
        if (text != null) {
            argument("--data-raw", text);
            return null;
        }
        argument("--data-binary", "@-");
        return content == null
                ? null
                : "echo " + Base64.getEncoder().encodeToString(TextBytes.copy(content)) + " | base64 -d";
    }

    private void argument(String option, String value) {
        command.append(' ').append(option).append(' ').append(quoted(value));
    }

    /** For a POSIX shell: between single quotes everything but a single quote is itself. */
    private static String quoted(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
