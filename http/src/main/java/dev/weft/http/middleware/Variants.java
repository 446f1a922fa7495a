package dev.weft.http.middleware;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
import dev.weft.http.message.HttpUrl;
import dev.weft.http.message.Options;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * By what an answer of the cache is found: the URL, and among its answers the fields of the request that {@code Vary} names. Pure. Source: RFC
 * 9111 sections 2 and 4.1.
 *
 * <p>Beyond that, what was asked with other credentials, or is not decoded, is another variant. Only digests of the fields are kept: they may be
 * secrets.
 */
final class Variants {
    /** What the client may add beneath the cache, and what it adds differs by user. */
    private static final List<String> ADDED_BENEATH = List.of("cookie", "authorization");

    private Variants() {}

    /** The primary key. */
    static String key(HttpUrl url) {
        // toString leaves the user information out.
        return url.withFragment(null).toString();
    }

    /** The names that {@code Vary} holds, in lower case and sorted; null if it holds {@code *}: then no other request matches. */
    static @Nullable List<String> names(Headers response) {
        TreeSet<String> names = new TreeSet<>();
        for (String line : response.all("Vary")) {
            for (String item : line.split(",", -1)) {
                String name = item.strip().toLowerCase(Locale.ROOT);
                if (name.equals("*")) {
                    return null;
                }
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
        return List.copyOf(names);
    }

    /** The digest of what selects between variants. */
    static String of(ClientRequest request, List<String> names) {
        StringBuilder selecting = new StringBuilder(128);
        selecting.append(request.attribute(Options.AUTO_DECOMPRESS) ? "decoded" : "coded");
        selecting.append('\n').append(request.url().userInfo());
        append(selecting, request.headers(), "authorization");
        names.forEach(name -> append(selecting, request.headers(), name));
        return Digests.sha256(selecting.toString()).substring(0, 32);
    }

    private static void append(StringBuilder selecting, Headers headers, String name) {
        selecting.append('\n').append(name).append(':').append(value(headers, name));
    }

    /** Field lines of one name are one list, however it was cut; null if there is none. */
    private static @Nullable String value(Headers headers, String name) {
        List<String> lines = headers.all(name);
        if (lines.isEmpty()) {
            return null;
        }
        return String.join(",", lines).replaceAll("\\s*,\\s*", ",").strip();
    }

    /**
     * Whether {@code Vary} names a field that was added beneath the cache, by the cookie jar for one. The next request may carry another value
     * of it, and the cache would not see it.
     */
    static boolean variesOutOfSight(ClientRequest seen, ClientRequest sent, List<String> names) {
        return ADDED_BENEATH.stream()
                .anyMatch(name -> names.contains(name)
                        && !seen.headers().all(name).equals(sent.headers().all(name)));
    }
}
