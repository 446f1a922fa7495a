package dev.weft.http.wire;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Key;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What can be checked of a request before there is a connection: its headers may not contradict what the client does itself. Pure. */
public final class RequestCheck {
    /** Set on a request that asks to change the protocol: what a 101 is an answer to. */
    private static final Key<Boolean> UPGRADE = Key.of("upgrade", false);

    private RequestCheck() {}

    /** The request, as one that asks to change the protocol: it may have {@code Connection: upgrade}. */
    public static ClientRequest asUpgrade(ClientRequest request) {
        return request.with(UPGRADE, true);
    }

    /** Whether the request asks to change the protocol. */
    public static boolean isUpgrade(ClientRequest request) {
        return request.attribute(UPGRADE);
    }

    /**
     * Checks the headers that are the client's affair, before there is a connection.
     *
     * @throws IllegalArgumentException if one contradicts it
     */
    public static void check(ClientRequest request) {
        Headers headers = request.headers();
        long length = Framing.of(request);
        if (headers.contains("Transfer-Encoding")) {
            throw refused(request, "Transfer-Encoding", "the client frames the body itself");
        }
        if (headers.contains("Expect")) {
            throw refused(request, "Expect", "expectContinue(...) asks for it");
        }
        for (String value : headers.all("Content-Length")) {
            if (length == Framing.CHUNKED) {
                throw refused(request, "Content-Length: " + value, "the body is sent in chunks");
            }
            if (!value.equals(Long.toString(Math.max(0, length)))) {
                throw refused(request, "Content-Length: " + value, "the body has " + Math.max(0, length) + " bytes");
            }
        }
        checkConnection(request, headers);
        List<String> hosts = headers.all("Host");
        if (hosts.size() > 1) {
            throw refused(request, "Host", "it is there " + hosts.size() + " times");
        }
        if (hosts.size() == 1 && !isHost(hosts.getFirst())) {
            throw refused(request, "Host: " + hosts.getFirst(), "it is no host and port");
        }
    }

    private static void checkConnection(ClientRequest request, Headers headers) {
        boolean upgrades = isUpgrade(request);
        for (String value : headers.all("Connection")) {
            Set<String> allowed = upgrades ? Set.of("upgrade") : Set.of("close", "keep-alive");
            for (String token : value.split(",", -1)) {
                if (!allowed.contains(token.strip().toLowerCase(Locale.ROOT))) {
                    throw refused(request, "Connection: " + value, "it can be close or keep-alive");
                }
            }
        }
        if (!upgrades && headers.contains("Upgrade")) {
            throw refused(request, "Upgrade", "the client speaks no other protocol than HTTP here");
        }
    }

    private static boolean isHost(String host) {
        return !host.isEmpty()
                && host.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || "-._~:[]%".indexOf(c) >= 0));
    }

    private static IllegalArgumentException refused(ClientRequest request, String header, String why) {
        return new IllegalArgumentException(request + ": header " + header + " is refused: " + why);
    }
}
