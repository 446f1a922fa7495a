package dev.weft.http.message;

import com.google.common.cache.CacheBuilder;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Digest: answers a challenge, and sends the answer unasked where it knows the last one to hold. Any thread; knows one nonce for each
 * origin, of the {@value #MOST_ORIGINS} used last.
 *
 * <p>A request is sent again once for a challenge, and once more if the server then says that only the nonce was too old. What the server
 * proves of itself ({@code rspauth}) is not looked at, as in aiohttp and curl. Source: RFC 7616, aiohttp's {@code DigestAuthMiddleware}.
 */
final class DigestAuth implements Auth {
    private static final int UNAUTHORIZED = 401;
    private static final int MOST_ORIGINS = 1000;
    private static final int MOST_ANSWERS = 2;

    private final String user;
    private final String password;
    private final ConcurrentMap<String, DigestSession> sessions = CacheBuilder.newBuilder()
            .maximumSize(MOST_ORIGINS)
            .<String, DigestSession>build()
            .asMap();

    DigestAuth(String user, String password) {
        BasicCredentials.check(user, password);
        this.user = user;
        this.password = password;
    }

    @Override
    public ClientResponse handle(ClientRequest request, Next next) {
        if (request.headers().contains(FixedAuth.HEADER)) {
            return next.send(request);
        }
        String origin = request.url().origin();
        DigestSession known = sessions.get(origin);
        if (known != null && (!known.challenge().covers(request.url()) || !canProve(request, known.challenge()))) {
            known = null;
        }
        ClientResponse response = next.send(known == null ? request : proved(request, known));
        DigestSession answered = null;
        for (int answers = 0; answers < MOST_ANSWERS; answers++) {
            DigestChallenge challenge = toAnswer(request, response, answered != null);
            if (challenge == null) {
                break;
            }
            response.close();
            answered = session(origin, challenge);
            response = next.send(proved(request, answered));
        }
        learn(origin, response, answered == null ? known : answered);
        return response;
    }

    /** The one that answers a challenge: requests that are challenged with the same nonce count on together. */
    private DigestSession session(String origin, DigestChallenge challenge) {
        return sessions.compute(
                origin,
                (key, known) -> known != null && known.challenge().repeats(challenge)
                        ? known
                        : DigestSession.start(challenge, user, password));
    }

    /** The challenge to answer; null if the response is for the caller. */
    private static @Nullable DigestChallenge toAnswer(ClientRequest request, ClientResponse response, boolean again) {
        if (response.status() != UNAUTHORIZED || !request.isReplayable()) {
            return null;
        }
        DigestChallenge challenge = DigestChallenge.strongest(response.headers().all("WWW-Authenticate"));
        // A second challenge says that the credentials are wrong, unless it says that the nonce was.
        boolean hopeless = challenge == null || (again && !challenge.stale()) || !canProve(request, challenge);
        return hopeless ? null : challenge;
    }

    private static boolean canProve(ClientRequest request, DigestChallenge challenge) {
        // A body that is to be compressed is so already in the exchange ring.
        return challenge.qop() != DigestChallenge.Qop.AUTH_INT || request.isReplayable();
    }

    private static ClientRequest proved(ClientRequest request, DigestSession session) {
        DigestChallenge challenge = session.challenge();
        String hash = challenge.qop() == DigestChallenge.Qop.AUTH_INT ? bodyHash(request, challenge.algorithm()) : null;
        return request.withHeader(
                FixedAuth.HEADER, session.answer(request.method(), request.url().target(), hash));
    }

    private static String bodyHash(ClientRequest request, DigestAlgorithm algorithm) {
        Body body = request.body();
        MessageDigest hash = algorithm.start();
        if (body == null) {
            return DigestAlgorithm.hex(hash.digest());
        }
        try (BodySource source = body.open()) {
            for (ByteBuffer piece = source.read(); piece != null; piece = source.read()) {
                hash.update(piece);
            }
        } catch (Exception e) {
            throw new UploadException(request, "its body could not be read for the digest: " + e.getMessage(), e);
        }
        return DigestAlgorithm.hex(hash.digest());
    }

    /** Forgets the session that was refused; takes the nonce that the server wants next. */
    private void learn(String origin, ClientResponse response, @Nullable DigestSession used) {
        if (used == null) {
            return;
        }
        if (response.status() == UNAUTHORIZED) {
            sessions.remove(origin, used);
            return;
        }
        String info = response.headers().first("Authentication-Info");
        String nonce = info == null ? null : Challenge.parameters(info).get("nextnonce");
        if (nonce != null && !nonce.equals(used.challenge().nonce())) {
            // Not if another request has learned a newer one meanwhile.
            sessions.replace(origin, used, used.next(nonce));
        }
    }

    @Override
    public String toString() {
        return "Digest credentials of " + Fields.quote(user);
    }
}
