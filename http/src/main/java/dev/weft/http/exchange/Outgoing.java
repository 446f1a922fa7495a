package dev.weft.http.exchange;

import dev.weft.http.cookie.CookieHeader;
import dev.weft.http.cookie.CookieJar;
import dev.weft.http.encoding.Codings;
import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpVersion;
import dev.weft.http.message.Options;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** What the client adds to a request of its own accord, where the caller did not set it: aiohttp's headers, in its order. Pure. */
final class Outgoing {
    private static final String USER_AGENT = "weft/" + Version.VALUE;

    private Outgoing() {}

    /** The request as one hop sends it. */
    static ClientRequest complete(ClientRequest request) {
        return complete(compressed(request), request.attribute(CookieJar.OPTION));
    }

    private static ClientRequest complete(ClientRequest request, CookieJar jar) {
        Headers own = request.headers();
        Set<String> skipped = request.attribute(Options.SKIP_AUTO_HEADERS);
        Headers.Builder all = own.toBuilder();
        add(all, own, skipped, "Accept", "*/*");
        if (request.attribute(Options.AUTO_DECOMPRESS)) {
            add(all, own, skipped, "Accept-Encoding", Codings.accepted());
        }
        add(all, own, skipped, "User-Agent", USER_AGENT);
        cookies(all, request, jar);
        Body body = request.body();
        String type = body == null ? null : body.contentType();
        if (type != null) {
            add(all, own, skipped, "Content-Type", type);
        }
        String priority = request.attribute(Options.PRIORITY);
        if (priority != null) {
            add(all, own, skipped, "Priority", priority);
        }
        if (request.attribute(Options.FORCE_CLOSE)) {
            add(all, own, Set.of(), "Connection", "close");
        } else if (request.attribute(Options.VERSION) == HttpVersion.HTTP_1_0) {
            add(all, own, Set.of(), "Connection", "keep-alive");
        }
        return request.withHeaders(all.build());
    }

    private static void add(Headers.Builder all, Headers own, Set<String> skipped, String name, String value) {
        if (!own.contains(name) && (skipped.isEmpty() || !skipped.contains(name.toLowerCase(Locale.ROOT)))) {
            all.add(name, value);
        }
    }

    /** The request's own cookies, then those of the caller's header, then the jar's: in one header, RFC 6265 section 5.4. */
    private static void cookies(Headers.Builder all, ClientRequest request, CookieJar jar) {
        String cookies = jar.headerFor(request.url());
        List<String> explicit = request.headers().all("Cookie");
        if (!explicit.isEmpty()) {
            cookies = CookieHeader.merge(String.join("; ", explicit), cookies);
        }
        Map<String, String> own = request.attribute(Options.COOKIES);
        if (!own.isEmpty()) {
            StringJoiner pairs = new StringJoiner("; ");
            own.forEach((name, value) -> pairs.add(name + "=" + value));
            cookies = CookieHeader.merge(pairs.toString(), cookies);
        }
        if (cookies != null) {
            all.set("Cookie", cookies);
        }
    }

    private static ClientRequest compressed(ClientRequest request) {
        String coding = request.attribute(Options.COMPRESS);
        Body body = request.body();
        if (coding == null || body == null || body.length().orElse(1) == 0) {
            return request;
        }
        if (request.headers().contains("Content-Encoding")) {
            throw new IllegalArgumentException(
                    request + ": compress(\"" + coding + "\") and the header Content-Encoding contradict each other");
        }
        return request.withBody(new CompressedBody(body, coding)).withHeader("Content-Encoding", coding);
    }
}
