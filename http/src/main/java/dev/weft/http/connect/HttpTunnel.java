package dev.weft.http.connect;

import dev.weft.http.connect.Conversation.Failed;
import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.Headers;
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
import org.jspecify.annotations.Nullable;

/** A way through an HTTP proxy, by CONNECT. Source: RFC 9110 section 9.3.6. */
final class HttpTunnel {
    private static final int MOST_LINE_BYTES = 8 * 1024;
    private static final int MOST_HEAD_BYTES = 64 * 1024;
    private static final int AUTHENTICATION_REQUIRED = 407;

    private HttpTunnel() {}

    /** The proxy wants other credentials than it had: these, on another connection. */
    static final class Challenged extends Exception {
        private static final long serialVersionUID = 1;

        private final String authorization;

        private Challenged(String authorization) {
            super("the proxy wants other credentials", null, false, false);
            this.authorization = authorization;
        }

        String authorization() {
            return authorization;
        }
    }

    /**
     * Asks for it, and waits until it is there.
     *
     * @param target host and port
     * @param authorization what a challenge was answered with; null in the first try
     * @throws ProxyException if the proxy refuses
     * @throws Challenged if it may not do so with other credentials; never in the second try
     * @throws Failed if it does not answer, or nothing that is HTTP
     */
    static void open(Patience wait, Conversation proxied, Proxy proxy, String target, @Nullable String authorization)
            throws Failed, Challenged {
        Headers told = authorization == null ? ProxyHeaders.of(proxy) : ProxyHeaders.with(proxy, authorization);
        HttpResponse answer = (HttpResponse) proxied.ask(
                wait,
                connect(wait.request(), told, target),
                new HttpRequestEncoder(),
                new Decoder(),
                message -> message instanceof HttpResponse response
                        && response.status().codeClass() != HttpStatusClass.INFORMATIONAL);
        int status = answer.status().code();
        if (answer.status().codeClass() == HttpStatusClass.SUCCESS) {
            return;
        }
        String why = "";
        if (status == AUTHENTICATION_REQUIRED) {
            String other = authorization == null ? proxy.answer(challenges(answer), "CONNECT", target) : null;
            if (other != null) {
                throw new Challenged(other);
            }
            why = told.contains(ProxyHeaders.AUTHORIZATION)
                    ? ": it does not take these credentials"
                    : ": it asks for credentials, and there are none";
        }
        String refusal = "it answered CONNECT " + target + " with " + status + " "
                + answer.status().reasonPhrase();
        throw new ProxyException(wait.request(), proxy, status, refusal.strip() + why, null);
    }

    private static Headers challenges(HttpResponse refusal) {
        Headers.Builder challenges = Headers.builder();
        for (String challenge : refusal.headers().getAll("Proxy-Authenticate")) {
            try {
                challenges.add("Proxy-Authenticate", challenge);
            } catch (IllegalArgumentException e) {
                // What no header may hold is no challenge.
            }
        }
        return challenges.build();
    }

    /** Of the request, the proxy learns whom it comes from, and nothing else. */
    private static FullHttpRequest connect(ClientRequest request, Headers told, String target) {
        HttpHeaders head =
                DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
        head.add("Host", target);
        String agent = request.headers().first("User-Agent");
        if (agent != null && !told.contains("User-Agent")) {
            head.add("User-Agent", encoded(agent));
        }
        told.forEach(field -> {
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
