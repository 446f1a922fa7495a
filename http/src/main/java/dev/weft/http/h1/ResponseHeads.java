package dev.weft.http.h1;

import dev.weft.http.message.ClientRequest;
import dev.weft.http.message.HeaderLimits;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a response's head says, checked: RFC 9110 and 9112. Pure. */
final class ResponseHeads {
    /** Interim answers before the real one; more is an attack. */
    private static final int MOST_INTERIM = 32;

    private ResponseHeads() {}

    /**
     * The head as the client has it.
     *
     * @throws IllegalArgumentException if it asks for what the client cannot do, or is larger than the limits
     */
    static ResponseHead of(HttpResponse response, HeaderLimits limits) {
        String reason = text(response.status().reasonPhrase());
        checkReason(reason);
        checkCodings(response.headers().getAll("Transfer-Encoding"));
        return new ResponseHead(
                response.status().code(),
                reason,
                response.protocolVersion().text(),
                headers(response.headers(), limits));
    }

    private static void checkReason(String reason) {
        for (int i = 0; i < reason.length(); i++) {
            char c = reason.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException("the reason holds a control character");
            }
        }
    }

    /** Nothing was asked for but {@code chunked}, which comes last and once: else nobody knows where the body ends. */
    private static void checkCodings(List<String> fields) {
        boolean chunked = false;
        for (String field : fields) {
            for (String coding : field.split(",", -1)) {
                String name = coding.strip();
                if (chunked) {
                    throw new IllegalArgumentException("the transfer coding " + name + " stands behind chunked");
                }
                chunked = name.equalsIgnoreCase("chunked");
                if (!chunked && !name.equalsIgnoreCase("identity")) {
                    throw new IllegalArgumentException("the transfer coding " + name + " was not asked for");
                }
            }
        }
    }

    /**
     * Checks an answer before the real one; {@code count} is how many there were.
     *
     * @throws IllegalArgumentException if it changes the protocol, or there are too many
     */
    static void checkInterim(ResponseHead head, int count) {
        if (head.status() == 101) {
            throw new IllegalArgumentException("it switches to another protocol");
        }
        if (count > MOST_INTERIM) {
            throw new IllegalArgumentException("more than " + MOST_INTERIM + " interim answers");
        }
    }

    /** The fields behind a body. What is no valid field is an error of the caller's caller: it ends the body. */
    static Headers trailers(LastHttpContent last, HeaderLimits limits) {
        HttpHeaders fields = last.trailingHeaders();
        return fields.isEmpty() ? Headers.empty() : headers(fields, limits);
    }

    private static Headers headers(HttpHeaders fields, HeaderLimits limits) {
        Headers.Builder headers = Headers.builder();
        Iterator<Map.Entry<CharSequence, CharSequence>> all = fields.iteratorCharSequence();
        while (all.hasNext()) {
            Map.Entry<CharSequence, CharSequence> field = all.next();
            String name = field.getKey().toString();
            String value = field.getValue().toString();
            if (name.length() + value.length() > limits.fieldBytes()) {
                throw new IllegalArgumentException("the header " + name + " has " + (name.length() + value.length())
                        + " bytes, the limit is " + limits.fieldBytes());
            }
            headers.add(name, name.equalsIgnoreCase("Location") ? escaped(value) : text(value));
        }
        return headers.build();
    }

    /** A reference to where the answer leads, each byte that no URL may hold percent-encoded: the bytes are what counts. */
    private static String escaped(String bytes) {
        StringBuilder ascii = new StringBuilder(bytes.length());
        for (int i = 0; i < bytes.length(); i++) {
            char c = bytes.charAt(i);
            if (c < 128) {
                ascii.append(c);
            } else {
                ascii.append('%');
                HexFormat.of().withUpperCase().toHexDigits(ascii, (byte) c);
            }
        }
        return ascii.toString();
    }

    /** Netty gives each byte as a character: UTF-8 if they make it, else ISO-8859-1. */
    private static String text(String bytes) {
        if (isAscii(bytes)) {
            return bytes;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
        } catch (CharacterCodingException e) {
            return bytes;
        }
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 128) {
                return false;
            }
        }
        return true;
    }

    /** Why the connection cannot serve another request; null if it can. RFC 9112 section 9.3. */
    static @Nullable String notPersistent(ResponseHead head, ClientRequest request) {
        if (request.headers().hasToken("Connection", "close")) {
            return "the request said Connection: close";
        }
        if (head.headers().hasToken("Connection", "close")) {
            return "the server said Connection: close";
        }
        if (head.version().equals("HTTP/1.0") && !head.headers().hasToken("Connection", "keep-alive")) {
            return "the server speaks HTTP/1.0";
        }
        return isDelimited(head, request) ? null : "the body ends with the connection";
    }

    private static boolean isDelimited(ResponseHead head, ClientRequest request) {
        return head.headers().contains("Content-Length")
                || head.headers().hasToken("Transfer-Encoding", "chunked")
                || head.status() == 204
                || head.status() == 304
                || request.method().equals("HEAD");
    }

    /** How long the server keeps an idle connection, less a second for the way; null if it does not say. */
    static @Nullable Duration keepAlive(ResponseHead head) {
        for (String value : head.headers().all("Keep-Alive")) {
            for (String item : value.split(",", -1)) {
                String parameter = item.strip();
                if (parameter.regionMatches(true, 0, "timeout=", 0, 8)) {
                    return seconds(parameter.substring(8).strip());
                }
            }
        }
        return null;
    }

    private static @Nullable Duration seconds(String digits) {
        try {
            return Duration.ofSeconds(Math.max(0, Integer.parseInt(digits) - 1));
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
