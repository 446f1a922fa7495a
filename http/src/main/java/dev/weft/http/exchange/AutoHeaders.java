package dev.weft.http.exchange;

import dev.weft.http.encoding.Codings;
import dev.weft.http.message.Body;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The headers a client sends of its own accord, where the caller did not set them: aiohttp's, in its order. Pure. */
final class AutoHeaders {
    private static final String USER_AGENT = "weft/" + Version.VALUE;

    private AutoHeaders() {}

    static ClientRequest complete(ClientRequest request) {
        Headers own = request.headers();
        Headers.Builder all = own.toBuilder();
        String userInfo = request.url().userInfo();
        if (userInfo != null && !own.contains("Authorization")) {
            all.add("Authorization", basic(userInfo));
        }
        if (!own.contains("Accept")) {
            all.add("Accept", "*/*");
        }
        if (!own.contains("Accept-Encoding")) {
            all.add("Accept-Encoding", Codings.ACCEPTED);
        }
        if (!own.contains("User-Agent")) {
            all.add("User-Agent", USER_AGENT);
        }
        Body body = request.body();
        if (body != null && body.contentType() != null && !own.contains("Content-Type")) {
            all.add("Content-Type", body.contentType());
        }
        return request.withHeaders(all.build());
    }

    /** RFC 7617; {@code user:password} of a URL, percent-encoding undone. */
    private static String basic(String userInfo) {
        String credentials = userInfo.indexOf(':') < 0 ? userInfo + ":" : userInfo;
        return "Basic " + Base64.getEncoder().encodeToString(percentDecoded(credentials));
    }

    private static byte[] percentDecoded(String text) {
        // URLDecoder reads a plus as a space, which it is not here.
        String decoded;
        try {
            decoded = java.net.URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            decoded = text;
        }
        return decoded.getBytes(StandardCharsets.UTF_8);
    }
}
