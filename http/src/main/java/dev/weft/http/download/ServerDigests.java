package dev.weft.http.download;

import dev.weft.http.download.Checksum.Algorithm;
import dev.weft.http.message.Headers;
import dev.weft.http.message.ResponseHead;
import java.util.Base64;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server promises of the bytes of a file. Pure. Sources: RFC 9530 ({@code Repr-Digest}, {@code Content-Digest}), RFC 3230
 * ({@code Digest}), RFC 1864 ({@code Content-MD5}).
 *
 * <p>They are of the bytes as they are sent, content coding included: of no use where that was undone. {@code Repr-Digest} is of the whole also
 * when a part is sent; of the others only that of a whole answer is believed.
 */
final class ServerDigests {
    private ServerDigests() {}

    /** What is promised, of several the one that is best for its cost; null if nothing is that can be read. */
    static @Nullable Checksum of(ResponseHead head) {
        Headers headers = head.headers();
        boolean whole = head.status() == 200;
        Map<Algorithm, byte[]> found = new EnumMap<>(Algorithm.class);
        if (whole) {
            if (Validators.coding(headers) == null) {
                // Servers differ in what they compute these of where there is a coding.
                addOld(found, headers);
            }
            addStructured(found, headers, "Content-Digest");
        }
        addStructured(found, headers, "Repr-Digest");
        for (Algorithm algorithm :
                new Algorithm[] {Algorithm.SHA256, Algorithm.SHA512, Algorithm.SHA1, Algorithm.MD5}) {
            byte[] value = found.get(algorithm);
            if (value != null) {
                return Checksum.of(algorithm, value);
            }
        }
        return null;
    }

    private static void addOld(Map<Algorithm, byte[]> found, Headers headers) {
        String md5 = Validators.only(headers, "Content-MD5");
        if (md5 != null) {
            put(found, Algorithm.MD5, md5);
        }
        // NAME=BASE64, and a comma is in neither.
        for (String item : items(headers, "Digest")) {
            int equals = item.indexOf('=');
            put(found, oldName(item.substring(0, Math.max(equals, 0))), item.substring(equals + 1));
        }
    }

    private static String[] items(Headers headers, String name) {
        String joined = String.join(",", headers.all(name)).strip();
        return joined.isEmpty() ? new String[0] : joined.split(",", -1);
    }

    private static @Nullable Algorithm oldName(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "md5" -> Algorithm.MD5;
            case "sha", "sha-1" -> Algorithm.SHA1;
            case "sha-256" -> Algorithm.SHA256;
            case "sha-512" -> Algorithm.SHA512;
            default -> null;
        };
    }

    /** A dictionary of RFC 9651 whose values are byte sequences, {@code sha-256=:BASE64:}; the algorithms that are not broken, of RFC 9530. */
    private static void addStructured(Map<Algorithm, byte[]> found, Headers headers, String name) {
        for (String item : items(headers, name)) {
            int equals = item.indexOf('=');
            Algorithm algorithm = switch (item.substring(0, Math.max(equals, 0)).strip()) {
                case "sha-256" -> Algorithm.SHA256;
                case "sha-512" -> Algorithm.SHA512;
                default -> null;
            };
            String value = item.substring(equals + 1);
            int parameters = value.indexOf(';');
            String bare = (parameters < 0 ? value : value.substring(0, parameters)).stripTrailing();
            if (bare.length() >= 2 && bare.startsWith(":") && bare.endsWith(":")) {
                put(found, algorithm, bare.substring(1, bare.length() - 1));
            }
        }
    }

    private static void put(Map<Algorithm, byte[]> found, @Nullable Algorithm algorithm, String base64) {
        if (algorithm == null) {
            return;
        }
        try {
            byte[] value = Base64.getDecoder().decode(base64.strip());
            if (2 * value.length == algorithm.hexDigits()) {
                found.put(algorithm, value);
            }
        } catch (IllegalArgumentException e) {
            // A promise that cannot be read is none.
        }
    }
}
