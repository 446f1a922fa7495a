package dev.weft.http.message;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A challenge that Digest can answer: RFC 7616 section 3.3, and RFC 2617 and 2069 where it has no {@code qop}. Immutable.
 *
 * @param algorithmName as the server wrote it; null if it did not
 * @param qop what is protected beside the password
 * @param domain where the answer is good for, as written; empty for the whole origin
 * @param stale whether only the nonce was too old
 * @param utf8 whether the server says that it reads names in UTF-8
 * @param userhash whether the user is named by a hash
 */
record DigestChallenge(
        String realm,
        String nonce,
        @Nullable String opaque,
        @Nullable String algorithmName,
        DigestAlgorithm algorithm,
        Qop qop,
        String domain,
        boolean stale,
        boolean utf8,
        boolean userhash) {
    /** What is protected. */
    enum Qop {
        /** As in RFC 2069: method and URL, without a count. */
        NONE,
        /** Method and URL. */
        AUTH,
        /** The body too. */
        AUTH_INT
    }

    /** The challenge of the strongest algorithm, the first of equals; null if none of them is one that can be answered. */
    static @Nullable DigestChallenge strongest(List<String> headers) {
        DigestChallenge best = null;
        for (Challenge one : Challenge.parse(headers)) {
            DigestChallenge digest = of(one);
            if (digest != null && (best == null || digest.algorithm.compareTo(best.algorithm) > 0)) {
                best = digest;
            }
        }
        return best;
    }

    private static @Nullable DigestChallenge of(Challenge challenge) {
        Map<String, String> given = challenge.parameters();
        String realm = given.get("realm");
        String nonce = given.get("nonce");
        String name = given.get("algorithm");
        DigestAlgorithm algorithm = name == null ? DigestAlgorithm.MD5 : DigestAlgorithm.of(name);
        Qop qop = qop(given.get("qop"));
        if (!challenge.scheme().equals("digest")
                || realm == null
                || nonce == null
                || algorithm == null
                || qop == null) {
            return null;
        }
        return new DigestChallenge(
                realm,
                nonce,
                given.get("opaque"),
                name,
                algorithm,
                qop,
                given.getOrDefault("domain", ""),
                "true".equalsIgnoreCase(given.get("stale")),
                "UTF-8".equalsIgnoreCase(given.get("charset")),
                "true".equalsIgnoreCase(given.get("userhash")));
    }

    /** {@code auth} if it is offered: {@code auth-int} has to read the body twice. Null if neither is. */
    private static @Nullable Qop qop(@Nullable String offered) {
        if (offered == null) {
            return Qop.NONE;
        }
        List<String> all = Arrays.asList(offered.toLowerCase(Locale.ROOT).split("[,\\s]+", -1));
        return all.contains("auth") ? Qop.AUTH : all.contains("auth-int") ? Qop.AUTH_INT : null;
    }

    /** Whether the key is made once for a nonce. */
    boolean session() {
        return algorithmName != null && algorithmName.toUpperCase(Locale.ROOT).endsWith(DigestAlgorithm.SESSION);
    }

    /** The same with the nonce that the server wants next. */
    DigestChallenge withNonce(String next) {
        return new DigestChallenge(realm, next, opaque, algorithmName, algorithm, qop, domain, false, utf8, userhash);
    }

    /** Whether it is the other once more, whether stale or not: whoever answered that can go on counting. */
    boolean repeats(DigestChallenge other) {
        return withNonce(nonce).equals(other.withNonce(other.nonce));
    }

    /** Whether an answer is good for this URL of the origin it came from too: RFC 7616 section 3.3, {@code domain}. */
    boolean covers(HttpUrl url) {
        return domain.isBlank()
                || Arrays.stream(domain.strip().split("\\s+", -1)).anyMatch(space -> covers(space, url));
    }

    private static boolean covers(String space, HttpUrl url) {
        try {
            HttpUrl top = url.resolve(space);
            return top.isSameOrigin(url) && isBelow(url.path(), top.path());
        } catch (InvalidUrlException e) {
            // No part of any origin.
            return false;
        }
    }

    private static boolean isBelow(String path, String space) {
        return path.startsWith(space)
                && (path.length() == space.length() || space.endsWith("/") || path.charAt(space.length()) == '/');
    }
}
