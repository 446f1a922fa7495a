package dev.weft.http.exchange;

import dev.weft.http.message.ClientRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What stands before the {@code @} of a URL, as a header: RFC 7617. Pure. */
final class Credentials {
    private Credentials() {}

    /** The request with its URL's user and password in a header instead, unless it has one. */
    static ClientRequest fromUrl(ClientRequest request) {
        String userInfo = request.url().userInfo();
        if (userInfo == null) {
            return request;
        }
        ClientRequest clean = request.withUrl(request.url().withoutUserInfo());
        return request.headers().contains("Authorization") ? clean : clean.withHeader("Authorization", basic(userInfo));
    }

    /** {@code user:password}, percent-encoding undone. */
    private static String basic(String userInfo) {
        String credentials = userInfo.indexOf(':') < 0 ? userInfo + ":" : userInfo;
        return "Basic " + Base64.getEncoder().encodeToString(percentDecoded(credentials));
    }

    private static byte[] percentDecoded(String text) {
        // URLDecoder reads a plus as a space, which it is not here.
        String decoded;
        try {
            decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            decoded = text;
        }
        return decoded.getBytes(StandardCharsets.UTF_8);
    }
}
