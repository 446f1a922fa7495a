package dev.weft.http.h2;

import dev.weft.http.message.Headers;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A block of fields as HPACK gave it, in its order, which Netty's own headers do not keep; unchecked. Only what the decoder of Netty asks of it
 * works: adding, the size, and the status. On the loop's thread.
 */
final class ReceivedFields extends DefaultHttp2Headers {
    private static final int USUAL = 24;
    private static final String STATUS = ":status";

    private CharSequence[] texts = new CharSequence[USUAL];
    private int end;
    private @Nullable CharSequence status;
    /** What those of an answer were read as, but for its status; empty until then. */
    private Headers headers = Headers.empty();

    ReceivedFields() {
        super(false, 2);
    }

    @Override
    public Http2Headers add(CharSequence name, CharSequence value) {
        if (end == texts.length) {
            texts = Arrays.copyOf(texts, 2 * end);
        }
        texts[end++] = name;
        texts[end++] = value;
        if (status == null && STATUS.contentEquals(name)) {
            status = value;
        }
        return this;
    }

    /** The first one there is. */
    @Override
    public @Nullable CharSequence status() {
        return status;
    }

    @Override
    public int size() {
        return end / 2;
    }

    void readAs(Headers regular) {
        headers = regular;
    }

    Headers headers() {
        return headers;
    }

    CharSequence name(int index) {
        return texts[2 * index];
    }

    CharSequence value(int index) {
        return texts[2 * index + 1];
    }
}
