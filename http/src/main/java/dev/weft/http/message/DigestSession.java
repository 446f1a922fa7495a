package dev.weft.http.message;

import dev.weft.http.message.DigestChallenge.Qop;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Answers to one challenge, for as long as its nonce is good: RFC 7616 section 3.4. The client's nonce is made once for the server's, as the
 * algorithms that end in {@code -sess} need it. Any thread: each answer counts on.
 */
final class DigestSession {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int NONCE_BYTES = 16;

    private final DigestChallenge challenge;
    private final String user;
    private final String password;
    private final String clientNonce;
    private final String secret;
    private final AtomicInteger count = new AtomicInteger();

    /** A session with a client's nonce of its own. */
    static DigestSession start(DigestChallenge challenge, String user, String password) {
        byte[] random = new byte[NONCE_BYTES];
        RANDOM.nextBytes(random);
        return new DigestSession(challenge, user, password, DigestAlgorithm.hex(random));
    }

    DigestSession(DigestChallenge challenge, String user, String password, String clientNonce) {
        this.challenge = challenge;
        this.user = user;
        this.password = password;
        this.clientNonce = clientNonce;
        DigestAlgorithm algorithm = challenge.algorithm();
        String plain = algorithm.hash(user + ":" + challenge.realm() + ":" + password);
        this.secret = challenge.session() ? algorithm.hash(plain + ":" + challenge.nonce() + ":" + clientNonce) : plain;
    }

    DigestChallenge challenge() {
        return challenge;
    }

    /** The session that goes on with the nonce that the server wants next. */
    DigestSession next(String nonce) {
        return start(challenge.withNonce(nonce), user, password);
    }

    /**
     * The next answer.
     *
     * @param target path and query, as the request line has them; of a CONNECT host and port
     * @param bodyHash the hash of the body, for {@link Qop#AUTH_INT}; else null
     */
    String answer(String method, String target, @Nullable String bodyHash) {
        DigestAlgorithm algorithm = challenge.algorithm();
        Qop qop = challenge.qop();
        String what = method + ":" + target + (qop == Qop.AUTH_INT ? ":" + bodyHash : "");
        String nc = String.format("%08x", count.incrementAndGet());
        String between = qop == Qop.NONE
                ? challenge.nonce()
                : challenge.nonce() + ":" + nc + ":" + clientNonce + ":" + name(qop);
        String response = algorithm.hash(secret + ":" + between + ":" + algorithm.hash(what));

        StringBuilder header = new StringBuilder("Digest ");
        appendUser(header);
        header.append(", realm=").append(quoted(challenge.realm()));
        header.append(", nonce=").append(quoted(challenge.nonce()));
        header.append(", uri=").append(quoted(target));
        if (challenge.algorithmName() != null) {
            header.append(", algorithm=").append(challenge.algorithmName());
        }
        if (qop != Qop.NONE) {
            header.append(", qop=").append(name(qop)).append(", nc=").append(nc);
        }
        if (qop != Qop.NONE || challenge.session()) {
            header.append(", cnonce=").append(quoted(clientNonce));
        }
        header.append(", response=").append(quoted(response));
        if (challenge.opaque() != null) {
            header.append(", opaque=").append(quoted(challenge.opaque()));
        }
        return header.append(challenge.userhash() ? ", userhash=true" : "").toString();
    }

    private void appendUser(StringBuilder header) {
        if (challenge.userhash()) {
            String hash = challenge.algorithm().hash(user + ":" + challenge.realm());
            header.append("username=").append(quoted(hash));
        } else if (challenge.utf8() && user.chars().anyMatch(c -> c >= 128)) {
            header.append("username*=UTF-8''").append(PercentCoding.extended(user));
        } else {
            header.append("username=").append(quoted(user));
        }
    }

    private static String name(Qop qop) {
        return qop == Qop.AUTH_INT ? "auth-int" : "auth";
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }
}
