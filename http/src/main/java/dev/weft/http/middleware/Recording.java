package dev.weft.http.middleware;

import dev.weft.http.message.Body;
import dev.weft.http.message.BodyReader;
import dev.weft.http.message.BodySource;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.ClientResponse;
import dev.weft.http.message.Headers;
import dev.weft.http.message.Provenance;
import dev.weft.http.message.ResponseHead;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * One recorded exchange. Immutable, as long as nobody writes to the body.
 *
 * @param url redacted as it is when it is compared
 * @param requestHeaders for people to read: they are not compared
 * @param requestBody the SHA-256 of the request's body in hexadecimal; empty for none, null where it is not known
 * @param head the answer's head
 * @param body the answer's body, content coding undone
 */
@SuppressWarnings("ArrayRecordComponent") // recordings are never compared
record Recording(
        String method,
        String url,
        Headers requestHeaders,
        @Nullable String requestBody,
        ResponseHead head,
        byte[] body) {
    /** What is recorded of a request's body. A body that can be sent only once is left alone, so it is not known. */
    static @Nullable String digest(ClientRequest request) {
        Body body = request.body();
        if (body == null) {
            return "";
        }
        ByteBuffer content = body.content();
        if (content != null) {
            return Digests.sha256(content);
        }
        if (!body.isReplayable()) {
            return null;
        }
        try (BodySource source = body.open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (ByteBuffer piece = source.read(); piece != null; piece = source.read()) {
                digest.update(piece);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (RuntimeException e) {
            throw e;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        } catch (Exception e) {
            throw new UncheckedIOException(new IOException(request + ": cannot read the body", e));
        }
    }

    ClientResponse answer(ClientRequest request) {
        return new ClientResponse(request, head, BodyReader.of(body), Provenance.NONE);
    }

    /** Method and URL: what errors call it. */
    @Override
    public String toString() {
        return method + " " + url;
    }
}
