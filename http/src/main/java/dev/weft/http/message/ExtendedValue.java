package dev.weft.http.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Parameters whose names end in {@code *}, as {@code filename*=UTF-8''%e2%82%ac}: RFC 8187; and those in pieces, as
 * {@code filename*0=a; filename*1=b}, which RFC 2231 has for mail and some servers send. Pure.
 */
final class ExtendedValue {
    /** More pieces than this are no name. */
    private static final int PIECES = 64;

    private ExtendedValue() {}

    /**
     * Parameters by their plain names: of a value the extended form rather than the plain one, the pieces put together. What is malformed is left
     * out.
     */
    static Map<String, String> resolve(Map<String, String> raw) {
        Map<String, String> resolved = new LinkedHashMap<>();
        for (Map.Entry<String, String> parameter : raw.entrySet()) {
            String name = parameter.getKey();
            int star = name.indexOf('*');
            if (star < 0) {
                resolved.putIfAbsent(name, parameter.getValue());
                continue;
            }
            String plain = name.substring(0, star);
            String suffix = name.substring(star);
            if (suffix.equals("*")) {
                put(resolved, plain, decode(parameter.getValue()));
            } else if (suffix.equals("*0") || suffix.equals("*0*")) {
                if (!raw.containsKey(plain + "*")) {
                    put(resolved, plain, join(raw, plain));
                }
            }
        }
        return resolved;
    }

    private static void put(Map<String, String> resolved, String name, @Nullable String value) {
        if (value != null && !name.isEmpty()) {
            resolved.put(name, value);
        }
    }

    private static @Nullable String join(Map<String, String> raw, String name) {
        String charset = "";
        StringBuilder encoded = new StringBuilder();
        for (int i = 0; i < PIECES; i++) {
            String piece = raw.get(name + "*" + i + "*");
            String plain = raw.get(name + "*" + i);
            if (piece != null) {
                int quotes = i == 0 ? endOfLanguage(piece) : 0;
                if (quotes < 0) {
                    return null;
                }
                charset = i == 0 ? piece.substring(0, quotes) : charset;
                encoded.append(piece, quotes, piece.length());
            } else if (plain != null) {
                // Not encoded, so nothing in it may look as if it were.
                encoded.append(plain.replace("%", "%25"));
            } else {
                break;
            }
        }
        return decode((charset.isEmpty() ? "UTF-8''" : charset) + encoded);
    }

    /** What {@code charset'language'value} means; null if it is malformed. */
    static @Nullable String decode(String extended) {
        int start = endOfLanguage(extended);
        if (start < 0) {
            return null;
        }
        byte[] bytes = percentDecoded(extended.substring(start));
        if (bytes == null) {
            return null;
        }
        try {
            Charset charset = Charset.forName(extended.substring(0, extended.indexOf('\'')));
            return charset.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException | IllegalArgumentException e) {
            return null;
        }
    }

    private static int endOfLanguage(String extended) {
        int first = extended.indexOf('\'');
        int second = first < 0 ? -1 : extended.indexOf('\'', first + 1);
        return second < 0 ? -1 : second + 1;
    }

    private static byte @Nullable [] percentDecoded(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] != '%') {
                out[length++] = in[i];
                continue;
            }
            int high = i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(in[i + 2], 16);
            if (low < 0) {
                return null;
            }
            out[length++] = (byte) (high << 4 | low);
            i += 2;
        }
        return java.util.Arrays.copyOf(out, length);
    }
}
