package dev.weft.http.connect;

import dev.weft.http.connect.Conversation.Failed;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Proxy;
import dev.weft.http.message.ProxyException;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;

/** A way through an HTTP proxy, by CONNECT. Source: RFC 9110 section 9.3.6. */
final class HttpTunnel {
    private static final int MOST_LINE_BYTES = 8 * 1024;
    private static final int MOST_HEAD_BYTES = 64 * 1024;
    private static final int UNAUTHORIZED = 407;

    private HttpTunnel() {}

    /**
     * Asks for it, and waits until it is there.
     *
     * @param target host and port
     * @throws ProxyException if the proxy refuses
     * @throws Failed if it does not answer, or nothing that is HTTP
     */
    static void open(Patience wait, Conversation proxied, Proxy proxy, String target) throws Failed {
        HttpResponse answer = (HttpResponse) proxied.ask(
                wait,
                connect(wait.request(), proxy, target),
                new HttpRequestEncoder(),
                new Decoder(),
                message -> message instanceof HttpResponse response
                        && response.status().codeClass() != HttpStatusClass.INFORMATIONAL);
        int status = answer.status().code();
        if (answer.status().codeClass() == HttpStatusClass.SUCCESS) {
            return;
        }
        String refusal = "it answered CONNECT " + target + " with " + status + " "
                + answer.status().reasonPhrase();
        String why = status != UNAUTHORIZED
                ? ""
                : ProxyHeaders.of(proxy).contains("Proxy-Authorization")
                        ? ": it does not take these credentials"
                        : ": it asks for credentials, and there are none";
        throw new ProxyException(wait.request(), proxy, status, refusal.strip() + why, null);
    }

    /** Of the request, the proxy learns whom it comes from, and nothing else. */
    private static FullHttpRequest connect(ClientRequest request, Proxy proxy, String target) {
        HttpHeaders head =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        head.add("Host", target);
        String agent = request.headers().first("User-Agent");
        if (agent != null && !proxy.headers().contains("User-Agent")) {
            head.add("User-Agent", encoded(agent));
        }
        ProxyHeaders.of(proxy).forEach(field -> {
            if (!field.getKey().equalsIgnoreCase("Host")) {
                head.add(field.getKey(), encoded(field.getValue()));
            }
        });
        return new DefaultFullHttpRequest(
                HttpVersion.HTTP_1_1,
                HttpMethod.CONNECT,
                target,
                Unpooled.EMPTY_BUFFER,
                head,
                EmptyHttpHeaders.INSTANCE);
    }

    /** Netty writes text as ASCII, with a question mark for the rest, and bytes as they are. */
    private static AsciiString encoded(String value) {
        return new AsciiString(value.getBytes(StandardCharsets.UTF_8), false);
    }

    /** Behind any success the tunnel begins, whatever the answer says of a body. */
    private static final class Decoder extends HttpResponseDecoder {
        Decoder() {
            super(new HttpDecoderConfig()
                    .setMaxInitialLineLength(MOST_LINE_BYTES)
                    .setMaxHeaderSize(MOST_HEAD_BYTES));
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            return message instanceof HttpResponse response
                    && (response.status().codeClass() == HttpStatusClass.SUCCESS
                            || super.isContentAlwaysEmpty(message));
        }
    }
}
