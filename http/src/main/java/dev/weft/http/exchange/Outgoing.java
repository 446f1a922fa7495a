package dev.weft.http.exchange;

import dev.weft.http.cookie.CookieHeader;
import dev.weft.http.cookie.CookieJar;
import dev.weft.http.encoding.Codings;
import dev.weft.http.message.Attributes;
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
import org.jspecify.annotations.Nullable;

/**
 * What the client adds to a request of its own accord, where the caller did not set it: aiohttp's headers, in its order. Most requests set nothing of
 * their own, but for their URL: they have one object of headers. Confined to the loop.
 */
final class Outgoing {
    private static final String USER_AGENT = "weft/" + Version.VALUE;

    /** What the session sets. */
    private final Headers headers;

    private final Attributes attributes;
    /** Those of the session, completed; null until a request needs them. */
    private @Nullable Headers usual;
    /** What they say can be undone: that changes, if a library turns out not to load. */
    private String accepted = "";

    /** For the requests of a session that has these headers and settings. */
    Outgoing(Headers headers, Attributes attributes) {
        this.headers = headers;
        this.attributes = attributes;
    }

    /** The request as one hop sends it. */
    ClientRequest complete(ClientRequest request) {
        ClientRequest sent = compressed(request);
        String cookies = cookies(sent);
        return sent.withHeaders(
                cookies == null && sent.body() == null && isUsual(sent) ? usual(sent) : all(sent, cookies));
    }

    @SuppressWarnings("ReferenceEquality") // equal ones are not worth a comparison
    private boolean isUsual(ClientRequest request) {
        return request.headers() == headers && request.attributes() == attributes;
    }

    @SuppressWarnings("ReferenceEquality") // it is one of a few
    private Headers usual(ClientRequest request) {
        String now = Codings.accepted();
        Headers all = usual;
        if (all == null || accepted != now) {
            all = all(request, null);
            usual = all;
            accepted = now;
        }
        return all;
    }

    private static Headers all(ClientRequest request, @Nullable String cookies) {
        Headers own = request.headers();
        Set<String> skipped = request.attribute(Options.SKIP_AUTO_HEADERS);
        Headers.Builder all = own.toBuilder();
        add(all, own, skipped, "Accept", "*/*");
        if (request.attribute(Options.AUTO_DECOMPRESS)) {
            add(all, own, skipped, "Accept-Encoding", Codings.accepted());
        }
        add(all, own, skipped, "User-Agent", USER_AGENT);
        if (cookies != null) {
            all.set("Cookie", cookies);
        }
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
        return all.build();
    }

    private static void add(Headers.Builder all, Headers own, Set<String> skipped, String name, String value) {
        if (!own.contains(name) && (skipped.isEmpty() || !skipped.contains(name.toLowerCase(Locale.ROOT)))) {
            all.add(name, value);
        }
    }

    /** The request's own cookies, then those of the caller's header, then the jar's: in one header, RFC 6265 section 5.4; null if there are none. */
    private static @Nullable String cookies(ClientRequest request) {
        String cookies = request.attribute(CookieJar.OPTION).headerFor(request.url());
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
        return cookies;
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
